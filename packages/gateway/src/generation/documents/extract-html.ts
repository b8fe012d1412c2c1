import { scanMarkup } from './scan-markup.ts';

/** Elements whose content is not read by people. */
const RAW = new Set(['script', 'style', 'noscript', 'template', 'svg', 'iframe', 'object']);
/** Elements that do not end a line; all others do. */
const INLINE = new Set(
  'a abbr b bdi bdo cite code del dfn em font i ins kbd label mark q s samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
/** Elements that begin a paragraph. */
const PARAGRAPH = new Set('p h1 h2 h3 h4 h5 h6 article section blockquote table ul ol pre hr header footer'.split(' '));

/** What a reader of the page sees, with a line for each line of it. */
export function extractHtml(source: string): string {
  const pieces: string[] = [];
  for (const token of scanMarkup(source, RAW)) {
    if (token.kind === 'text') pieces.push(token.text.replace(/\s+/g, ' '));
    else pieces.push(gapAt(token.name.toLowerCase(), token.kind));
  }
  return pieces
    .join('')
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function gapAt(name: string, kind: 'open' | 'close'): string {
  if (INLINE.has(name)) return '';
  if (name === 'td' || name === 'th') return kind === 'close' ? ' | ' : '';
  return PARAGRAPH.has(name) ? '\n\n' : '\n';
}
