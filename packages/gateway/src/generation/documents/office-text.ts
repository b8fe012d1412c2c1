import { attributeOf, localName, scanMarkup } from './scan-markup.ts';

/** Hears what stands in a part of an office document. Names come without prefix. */
export interface OfficeListener {
  /** A paragraph that stands on its own, or a row of a table, with its cells between bars. Never empty. */
  onParagraph(text: string): void;
  onOpen?(name: string, attributes: string): void;
  onClose?(name: string): void;
}

/** Elements that stand for white space. */
const SPACES: Readonly<Record<string, string>> = { tab: '\t', br: '\n', cr: '\n' };

/** Reads the text of a part of a document or of a presentation: their names for it are the same. */
export function readOfficeText(xml: string, listener: OfficeListener): void {
  const reader = new OfficeText(listener);
  for (const token of scanMarkup(xml)) {
    if (token.kind === 'text') reader.text(token.text);
    else if (token.kind === 'close') reader.close(localName(token.name));
    else {
      reader.open(localName(token.name), token.attributes);
      if (token.empty) reader.close(localName(token.name));
    }
  }
}

class OfficeText {
  readonly #listener: OfficeListener;
  /** Paragraphs that are open: a text box lies within one. */
  readonly #paragraphs: string[] = [];
  /** Rows that are open, with their cells and the paragraphs of these: a table may lie within a cell. */
  readonly #rows: string[][][] = [];
  #inText = false;
  /** What stands for readers that know less is there twice. */
  #fallbacks = 0;

  constructor(listener: OfficeListener) {
    this.#listener = listener;
  }

  text(text: string): void {
    if (this.#inText) this.#add(text);
  }

  open(name: string, attributes: string): void {
    if (name === 'Fallback') this.#fallbacks += 1;
    if (this.#fallbacks > 0) return;
    this.#listener.onOpen?.(name, attributes);
    if (name === 't') this.#inText = true;
    else if (name === 'p') this.#paragraphs.push('');
    else if (name === 'tr') this.#rows.push([]);
    else if (name === 'tc') this.#rows.at(-1)?.push([]);
    else if (Object.hasOwn(SPACES, name) && attributeOf(attributes, 'w:type') !== 'page') {
      this.#add(SPACES[name] as string);
    }
  }

  close(name: string): void {
    if (name === 'Fallback') this.#fallbacks -= 1;
    if (this.#fallbacks > 0) return;
    if (name === 't') this.#inText = false;
    else if (name === 'p') this.#emit(this.#paragraphs.pop() ?? '');
    else if (name === 'tr') {
      const cells = this.#rows.pop() ?? [];
      this.#emit(cells.map((paragraphs) => paragraphs.join(' ')).join(' | '));
    }
    this.#listener.onClose?.(name);
  }

  #add(text: string): void {
    const last = this.#paragraphs.length - 1;
    if (last >= 0) this.#paragraphs[last] += text;
  }

  #emit(text: string): void {
    const trimmed = text.trim();
    if (!/[^\s|]/.test(trimmed)) return;
    const cell = this.#rows.at(-1)?.at(-1);
    if (cell === undefined) this.#listener.onParagraph(trimmed);
    else cell.push(trimmed);
  }
}
