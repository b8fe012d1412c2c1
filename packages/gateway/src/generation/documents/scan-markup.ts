/** A piece of XML or HTML. Names are as written; the text of a `text` is decoded. */
export type MarkupToken =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: string; readonly empty: boolean }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

/** Elements whose content is no markup, by lower-case name; it is left out. None in XML. */
const NONE: ReadonlySet<string> = new Set();

/**
 * Reads markup piece by piece, in one pass and without a tree. Forgiving: what is no markup is text, and what never ends
 * is left out. Declared entities are not replaced, so that no document grows while it is read.
 */
export function* scanMarkup(source: string, raw = NONE): Generator<MarkupToken> {
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf('<', at);
    if (open !== at) yield { kind: 'text', text: decodeEntities(source.slice(at, open < 0 ? undefined : open)) };
    if (open < 0) return;
    if (source.startsWith(CDATA, open)) {
      const end = endOf(source, ']]>', open);
      yield { kind: 'text', text: source.slice(open + CDATA.length, end - 3) };
      at = end;
    } else if (!/[a-z_:/!?]/i.test(source.charAt(open + 1))) {
      yield { kind: 'text', text: '<' };
      at = open + 1;
    } else {
      const end = declarationEnd(source, open) ?? tagEnd(source, open + 1);
      const token = tokenOf(source.slice(open + 1, end - 1));
      if (token !== undefined) yield token;
      at = token?.kind === 'open' && raw.has(token.name.toLowerCase()) ? rawEnd(source, token.name, end) : end;
    }
  }
}

const CDATA = '<![CDATA[';

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length + mark.length : found + mark.length;
}

/** Where a comment, an instruction or the document type ends; absent for a tag. */
function declarationEnd(source: string, open: number): number | undefined {
  if (source.startsWith('<!--', open)) return endOf(source, '-->', open + 4);
  if (source.startsWith('<?', open)) return endOf(source, '?>', open);
  if (!source.startsWith('<!', open)) return undefined;
  const end = endOf(source, '>', open);
  const inner = source.indexOf('[', open);
  return inner >= 0 && inner < end ? endOf(source, ']>', inner) : end;
}

/** Where a tag ends. A `>` within quotes does not end it. */
function tagEnd(source: string, from: number): number {
  const mark = /[>"']/g;
  mark.lastIndex = from;
  for (let found = mark.exec(source); found !== null; found = mark.exec(source)) {
    if (found[0] === '>') return mark.lastIndex;
    mark.lastIndex = endOf(source, found[0], mark.lastIndex);
  }
  return source.length + 1;
}

function rawEnd(source: string, name: string, from: number): number {
  const close = new RegExp(`</${name}`, 'gi');
  close.lastIndex = from;
  return close.exec(source)?.index ?? source.length;
}

const TAG = /^(\/?)([\w:.-]+)/;

function tokenOf(inside: string): MarkupToken | undefined {
  const [head, slash, name] = TAG.exec(inside) ?? [];
  if (head === undefined || name === undefined) return undefined;
  if (slash === '/') return { kind: 'close', name };
  return { kind: 'open', name, attributes: inside.slice(head.length), empty: inside.endsWith('/') };
}

/** The value of an attribute, decoded; absent where there is none of that name. */
export function attributeOf(attributes: string, name: string): string | undefined {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(attributes) ?? [];
  const value = double ?? single;
  return value === undefined ? undefined : decodeEntities(value);
}

/** The name without its prefix: `w:p` is `p`. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const ENTITY = /&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));/gi;

/** Those that XML knows, and those that pages on the web use most. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  shy: '',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  copy: '©',
  reg: '®',
  trade: '™',
  deg: '°',
  euro: '€',
  pound: '£',
  sect: '§',
  times: '×',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  ntilde: 'ñ',
};

const decodeEntities = (text: string): string =>
  text.includes('&')
    ? text.replace(ENTITY, (whole, hex?: string, decimal?: string, name?: string) => {
        if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] as string) : whole;
        const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
    : text;
