import { BEHAVIOURS } from './behaviours.ts';
import type { Cell, Verdict } from './play-matrix.ts';
import { ROWS, type Row } from './rows.ts';

const HEAD = `# Behaviour of every provider

<!-- Written by \`npm run matrix\`; change packages/llm/test/matrix instead. -->

Every provider record, in every way that it can be asked, is held to the same behaviour: the library's client asks it, and
the simulator stands in its place, in the provider's own dialect, framing and signature.

- **answers**: whole and streamed, with the finish and what it used; for vectors, one of the asked length for each text.
- **is left**: by a signal before and in the middle of an answer; it ends once, as cancelled.
- **empty input**: is refused before anything is sent.
- **half a character**: a lone surrogate in the question reaches no provider, and the rest does.
- **orphan call**: a call of a tool that nobody answered is made whole or left out.
- **parallel calls**: two at once, whole and streamed; both results go back under the names of their calls.
- **too long**: is told as a conversation that is too long, whatever the vendor calls it.
- **cut**: an answer that breaks off in the middle of a frame, or of a body, is a failure and no end.
- **error midway**: what was said before it is kept, and the error is told by its kind.
- **slow first byte**: ends in time, and names the phase.
- **hand-over**: the conversation, with thoughts and calls, goes on at a provider of another format.
- **take-over**: a conversation whose calls other vendors named goes on here, under names that this vendor takes.

✓ holds, – does not apply because the provider has no conversations here.
`;

/** The played matrix as a page. The same verdicts always make the same page. */
export function renderMatrix(played: readonly (readonly [Cell, Verdict])[]): string {
  const head = ['Provider', 'asked by', ...BEHAVIOURS.map(([, title]) => title)];
  const rows = ROWS.map((row) => [row.record.name, row.way, ...cellsOf(row, played)]);
  const count = (wanted: Verdict): number => played.filter(([, verdict]) => verdict === wanted).length;
  const providers = new Set(ROWS.map(({ id }) => id)).size;
  const summary = `${providers} providers in ${ROWS.length} ways, ${played.length} cells: ${count('holds')} hold, ${count('none')} do not apply, ${played.length - count('holds') - count('none')} are broken.\n`;
  return [HEAD, summary, lines([head, head.map(() => '---'), ...rows])].join('\n');
}

const cellsOf = (row: Row, played: readonly (readonly [Cell, Verdict])[]): readonly string[] =>
  played.filter(([cell]) => cell.row === row).map(([, verdict]) => wordOf(verdict));

function wordOf(verdict: Verdict): string {
  if (verdict === 'none') return '–';
  return verdict === 'holds' ? '✓' : '**broken**';
}

const lines = (rows: readonly (readonly string[])[]): string => rows.map((row) => `| ${row.join(' | ')} |\n`).join('');
