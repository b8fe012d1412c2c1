const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|delete|await|yield))\s*$/;
const NOT_NEWLINE = /[^\n]/g;

/**
 * Replaces comments in TypeScript by spaces and leaves everything else, line breaks included, where it was.
 * Knows strings, templates and regular expressions well enough not to take their contents for comments.
 */
export function blankComments(text) {
  let out = '';
  let index = 0;
  while (index < text.length) {
    const end = tokenEnd(text, index, out);
    const token = text.slice(index, end);
    out += /^\/[/*]/.test(token) ? token.replace(NOT_NEWLINE, ' ') : token;
    index = end;
  }
  return out;
}

function tokenEnd(text, index, before) {
  const two = text.slice(index, index + 2);
  if (two === '//') return orEnd(text.indexOf('\n', index), text);
  if (two === '/*') return orEnd(text.indexOf('*/', index + 2), text, 2);
  const first = text[index];
  if (first === "'" || first === '"' || first === '`') return quotedEnd(text, index, first);
  if (first === '/' && BEFORE_REGEX.test(before.slice(-40))) return regexEnd(text, index);
  return index + 1;
}

function quotedEnd(text, start, quote) {
  let index = start + 1;
  while (index < text.length && text[index] !== quote) {
    if (text[index] === '\n' && quote !== '`') return index;
    index += text[index] === '\\' ? 2 : 1;
  }
  return index + 1;
}

function regexEnd(text, start) {
  let inClass = false;
  for (let index = start + 1; index < text.length; index += 1) {
    const each = text[index];
    if (each === '\n') return start + 1;
    if (each === '\\') index += 1;
    else if (each === '[') inClass = true;
    else if (each === ']') inClass = false;
    else if (each === '/' && !inClass) return index + 1;
  }
  return start + 1;
}

function orEnd(index, text, length = 0) {
  return index === -1 ? text.length : index + length;
}
