/** A piece of two texts: in both, or in one of them. */
export interface Piece {
  readonly kind: 'same' | 'left' | 'right';
  readonly text: string;
}

/** Words of either text that are compared; the work grows with their product. */
const WORDS_MAX = 1500;

/** What two texts have in common, word by word. `undefined` where they are too long to be compared. */
export function diffWords(left: string, right: string): readonly Piece[] | undefined {
  const [a, b] = [wordsOf(left), wordsOf(right)];
  if (a.length > WORDS_MAX || b.length > WORDS_MAX) return undefined;
  const lengths = commonLengths(a, b);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    if (one !== undefined && isSame(one, other)) {
      push(pieces, 'same', one);
      i += 1;
      j += 1;
    } else if (one !== undefined && (other === undefined || at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      push(pieces, 'left', one);
      i += 1;
    } else {
      push(pieces, 'right', other ?? '');
      j += 1;
    }
  }
  return pieces;
}

/** Words with the space that follows them, which is no difference. */
const wordsOf = (text: string): readonly string[] => text.match(/^\s+|\S+\s*/g) ?? [];

const isSame = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one.trimEnd() === other?.trimEnd();

/** Longest common course of words of the rest of either text, from each pair of places on. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint16Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = rows[i];
      if (row === undefined) continue;
      row[j] = isSame(a[i], b[j]) ? at(rows, i + 1, j + 1) + 1 : Math.max(at(rows, i + 1, j), at(rows, i, j + 1));
    }
  return rows;
}

const at = (rows: readonly Uint16Array[], i: number, j: number): number => rows[i]?.[j] ?? 0;

function push(pieces: Piece[], kind: Piece['kind'], text: string): void {
  const last = pieces.at(-1);
  if (last?.kind === kind) pieces[pieces.length - 1] = { kind, text: last.text + text };
  else pieces.push({ kind, text });
}
