/** Longest name compared, in characters: the work grows with the square of it. */
const CHARS_MAX = 100;

/**
 * Candidates close to `name`, nearest first, whatever their case: those that contain it or are contained and at least
 * half as long, then those within a third of its length in edits. At most `max`, default 3; each once.
 */
export function nearMatches(name: string, candidates: readonly string[], max = 3): readonly string[] {
  const wanted = name.toLowerCase().slice(0, CHARS_MAX);
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const scored = [...new Set(candidates)].map((candidate) => ({
    candidate,
    score: distance(wanted, candidate.toLowerCase().slice(0, CHARS_MAX), allowed),
    lengthsApart: Math.abs(candidate.length - name.length),
  }));
  return scored
    .filter(({ score }) => score <= allowed)
    .sort((a, b) => a.score - b.score || a.lengthsApart - b.lengthsApart || a.candidate.localeCompare(b.candidate))
    .slice(0, max)
    .map(({ candidate }) => candidate);
}

/** Shorter names are contained in too many others. */
const CONTAINED_CHARS_MIN = 4;

/** Edits from one text to the other, or more than `allowed`; one row of memory. */
function distance(a: string, b: string, allowed: number): number {
  if (a === b) return 0;
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  const speaks = shorter.length >= CONTAINED_CHARS_MIN && (shorter === a || shorter.length * 2 >= a.length);
  if (speaks && longer.includes(shorter)) return 0.5;
  if (Math.abs(a.length - b.length) > allowed) return allowed + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1);
    }
    if (Math.min(...next) > allowed) return allowed + 1;
    row = next;
  }
  return row[b.length] as number;
}
