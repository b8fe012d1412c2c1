import { loadRecordings } from '@patchbay/llm/testing/recordings';

import type { Played } from './grid.ts';
import { RECORDED } from './recorded.ts';
import { FEATURES } from './features/features.ts';
import type { Verdict } from './run-cell.ts';
import { CLIENTS, UPSTREAMS } from './sides.ts';
import type { ClientSide } from './clients/client.ts';

const CLIENT_NAMES: Readonly<Record<string, string>> = {
  'openai-chat': 'OpenAI Chat Completions (`openai`)',
  'openai-responses': 'OpenAI Responses (`openai`)',
  'anthropic-messages': 'Anthropic Messages (`@anthropic-ai/sdk`)',
  gemini: 'Gemini (`@google/genai`)',
};

const HEAD = `# Conformance

<!-- Written by \`npm run conformance\`; change packages/gateway/test/conformance instead. -->

Every cell is played: the official client of a dialect asks a running gateway, which asks a server that speaks the
provider's dialect and refuses what the vendor would refuse. What the provider was asked and what the client made of the
answer must both be what was said, whole and streamed, with the stream in pieces that end anywhere.

- **✓** the same on both sides. A number names smaller things that had no place and were told as losses (in the header
  \`x-patchbay-losses\` and in the record of the call).
- **cannot** the provider's dialect has no way to carry it. The number names the reason; the loss was told.
- **–** one of the two dialects has no words for it, so there is nothing to carry.
`;

/** The grid as a page. The same cells always make the same page. */
export function renderGrid(played: readonly Played[]): string {
  const notes = new Notes();
  const tables = CLIENTS.map((client) => tableOf(client, played, notes));
  return [HEAD, summaryOf(played), ...tables, recordingsTable(), notes.render()].join('\n');
}

function summaryOf(played: readonly Played[]): string {
  const count = (state: Verdict['state']): number => played.filter(({ verdict }) => verdict.state === state).length;
  return `${played.length} cells: ${count('same')} the same, ${count('cannot')} that cannot, ${count('unsaid')} that nobody can say, ${count('red')} red.\n`;
}

function tableOf(client: ClientSide, played: readonly Played[], notes: Notes): string {
  const head = ['', ...UPSTREAMS.map(({ id }) => id)];
  const rows = FEATURES.map((feature) => [
    feature.title,
    ...UPSTREAMS.map((upstream) => {
      const found = played.find(
        ({ cell }) => cell.client === client && cell.feature === feature && cell.upstream === upstream,
      );
      return found === undefined ? '' : cellText(found.verdict, notes);
    }),
  ]);
  const title = `## Callers of ${CLIENT_NAMES[client.id] ?? client.id}\n`;
  return `${title}\n${lines([head, head.map(() => '---'), ...rows])}`;
}

/** How many real answers stand behind a row; recordings.test.ts replays every one of them to every client. */
function recordingsTable(): string {
  const recordings = Object.entries(RECORDED).flatMap(([api, { format }]) =>
    loadRecordings(api).map(({ features }) => ({ format, features })),
  );
  const head = ['', ...UPSTREAMS.map(({ id }) => id)];
  const rows = FEATURES.flatMap((feature) => {
    const tags = feature.kind === 'conversation' ? (feature.recorded ?? []) : [];
    const tagged = recordings.filter(({ features }) => tags.some((tag) => features.includes(tag)));
    const counts = UPSTREAMS.map(({ id }) => tagged.filter(({ format }) => format === id).length);
    return tagged.length === 0 ? [] : [[feature.title, ...counts.map((count) => (count === 0 ? '' : `${count}`))]];
  });
  const all = UPSTREAMS.map(({ id }) => `${recordings.filter(({ format }) => format === id).length}`);
  return `${RECORDINGS}\n${lines([head, head.map(() => '---'), ...rows, ['All', ...all]])}`;
}

const RECORDINGS = `## Recorded answers

Real answers of providers, replayed to the official client of every other dialect; what the client makes of each is what
was recorded. What we write in OpenAI's dialects is held to OpenAI's published description as well.
`;

const lines = (rows: readonly (readonly string[])[]): string => rows.map((row) => `| ${row.join(' | ')} |\n`).join('');

function cellText(verdict: Verdict, notes: Notes): string {
  switch (verdict.state) {
    case 'same':
      return verdict.losses.length === 0 ? '✓' : `✓ ${notes.mark(verdict.losses.join('; '))}`;
    case 'cannot':
      return `cannot ${notes.mark(`${verdict.reason} Told: ${verdict.losses.join('; ')}`)}`;
    case 'unsaid':
      return `– ${notes.mark(verdict.reason)}`;
    case 'red':
      return `**red** ${notes.mark(verdict.reason.replaceAll(/\s+/g, ' '))}`;
  }
}

/** Numbers of the page's notes, in the order in which they are first needed. */
class Notes {
  readonly #numbers = new Map<string, number>();

  mark(text: string): string {
    const number = this.#numbers.get(text) ?? this.#numbers.size + 1;
    this.#numbers.set(text, number);
    return `<sup>${number}</sup>`;
  }

  render(): string {
    return `## Notes\n\n${[...this.#numbers].map(([text, number]) => `${number}. ${text}\n`).join('')}`;
  }
}
