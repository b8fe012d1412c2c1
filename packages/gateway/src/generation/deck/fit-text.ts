import type { TextBlock } from './slide-text.ts';

/** Sizes of text under a title, in points, the best first. */
export const BODY_SIZES_PT = [30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10.5, 9] as const;
/** Sizes of a title. */
export const TITLE_SIZES_PT = [32, 28, 24, 20, 16] as const;
/** Sizes of a title that stands alone. */
export const HEADER_SIZES_PT = [48, 40, 34, 28, 22] as const;

/** Sizes of the text below it. */
export const SUBTITLE_SIZES_PT = [22, 20, 18, 16, 14, 12, 10.5, 9] as const;

/** Room for text, in points. */
export interface Room {
  readonly widthPt: number;
  readonly heightPt: number;
}

/** Heights in parts of the size of the text. */
const LINE = 1.25;
const GAP = 0.45;
/** Widths in parts of the size of the text: of most letters, of those that fill a square, and of the mark of a list. */
const NARROW = 0.53;
const WIDE = 1.02;
const MARK = 1.4;

const WIDE_CHARACTER = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|\p{Extended_Pictographic}/u;

/** The best of the sizes at which a text has room, else the smallest. An estimate: no font is measured. */
export function fitText<Size extends number>({ lines, isList }: TextBlock, room: Room, sizes: readonly Size[]): Size {
  const needs = (size: number): number => {
    const width = room.widthPt - (isList ? MARK * size : 0);
    const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil((widthOf(line) * size) / width)), 0);
    return size * (rows * LINE + Math.max(0, lines.length - 1) * GAP);
  };
  return sizes.find((size) => needs(size) <= room.heightPt) ?? (sizes.at(-1) as Size);
}

/** Width of a line for each point of its size. */
function widthOf(line: string): number {
  let width = 0;
  for (const character of line) width += WIDE_CHARACTER.test(character) ? WIDE : NARROW;
  return width;
}
