import MarkdownIt, { type Token } from 'markdown-it';

/** A piece of Markdown and what lies within it. `type` is the reader's name for it, without `_open`. */
export interface Node {
  readonly type: string;
  /** What it is written with in HTML, such as `h2`; empty for text. */
  readonly tag: string;
  readonly text: string;
  /** The language of a block of code. */
  readonly info: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** True for the paragraph that a tight list leaves out. */
  readonly isHidden: boolean;
  readonly within: readonly Node[];
}

/** A longer text is shown as it is: reading it anew with each piece would stop the page. */
const CHARS_MAX = 200_000;

/** Makes a reader: HTML is text to it, and addresses become links only where they name their scheme. */
export function createReader(): (text: string) => readonly Node[] | undefined {
  const reader = new MarkdownIt({ html: false, linkify: true });
  reader.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  return (text) => (text.length > CHARS_MAX ? undefined : nested(reader.parse(text, {})));
}

/** The tree of tokens that open and close one another; its depth is bounded by the reader. */
function nested(tokens: readonly Token[]): readonly Node[] {
  const levels: Node[][] = [[]];
  const opened: Token[] = [];
  for (const token of tokens) {
    if (token.nesting === 1) {
      opened.push(token);
      levels.push([]);
      continue;
    }
    const isEnd = token.nesting === -1;
    const within = isEnd ? (levels.pop() ?? []) : nested(token.children ?? []);
    levels.at(-1)?.push(nodeOf((isEnd ? opened.pop() : undefined) ?? token, within));
  }
  return levels[0] ?? [];
}

const nodeOf = ({ type, tag, content, info, attrs, hidden }: Token, within: readonly Node[]): Node => ({
  type: type.replace(/_open$/, ''),
  tag,
  text: content,
  info,
  attributes: Object.fromEntries((attrs ?? []).map(([name, value]) => [name, String(value)])),
  isHidden: hidden,
  within,
});

/** The address of a link that leads somewhere; `undefined` for scripts and whatever else is no page and no mail. */
export function safeAddress(href: string): string | undefined {
  try {
    const { protocol, href: whole } = new URL(href);
    return ['https:', 'http:', 'mailto:'].includes(protocol) ? whole : undefined;
  } catch {
    return undefined;
  }
}
