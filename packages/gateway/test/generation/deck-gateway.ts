import type { ServerResponse } from 'node:http';

import type { GenerationSettings } from '../../src/config/generation-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { startManagement, type ManagementGateway } from '../management/management-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { sendJson, startUpstream, type ScriptedUpstream, type SeenRequest } from '../support/scripted-upstream.ts';
import { provider, TEST_SETTINGS } from '../support/test-gateway.ts';

/** A gateway between callers who want decks and two providers over HTTP. */
export interface DeckGateway extends ManagementGateway {
  readonly openrouter: ScriptedUpstream;
  readonly together: ScriptedUpstream;
}

/** What a model was asked, as the provider got it. */
export interface AskedChat {
  readonly model: string;
  readonly stream?: boolean;
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly schema: unknown } };
}

export const askedIn = ({ body }: SeenRequest): AskedChat => JSON.parse(body.toString()) as AskedChat;

/** Everything that was said to the model, as one text. */
export const saidTo = (request: SeenRequest): string =>
  askedIn(request)
    .messages.map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join('\n');

/** Answers a chat as OpenRouter and Together do: in one piece, or in events of a few characters. */
export function sendChat(request: SeenRequest, response: ServerResponse, text: string): void {
  const { model, stream } = askedIn(request);
  const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  const front = { id: 'gen-1', model, created: 1_763_000_000 };
  if (stream !== true) {
    const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
    return sendJson(response, 200, { ...front, object: 'chat.completion', choices, usage });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: object, finish: string | null, rest: object = {}): void => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ ...front, object: 'chat.completion.chunk', choices, ...rest })}\n\n`);
  };
  for (let at = 0; at < text.length; at += 12) send({ role: 'assistant', content: text.slice(at, at + 12) }, null);
  send({}, 'stop', { usage });
  response.end('data: [DONE]\n\n');
}

/** Titles as a model would write them from what it was told: from the document where there is one, else from the topic. */
export function writeOutline(request: SeenRequest): string {
  const said = saidTo(request);
  const count = Number(/exactly (\d+) slide titles/.exec(said)?.[1]);
  const topic = /about this topic: (.*)/.exec(said)?.[1] ?? '';
  const passages = [...said.matchAll(/^\[([\w-]+)[^\]]*\]\n(.*)$/gm)];
  const subject = passages[0]?.[2]?.split(/\s+/).slice(0, 3).join(' ') ?? topic;
  const outlines = Array.from({ length: count }, (_, at) => `${subject}, view ${at + 1}`);
  const sources = passages.slice(0, 1).map(([, id]) => id);
  return JSON.stringify({ outlines, ...(passages.length > 0 && { sources }) });
}

/** What a model says to each of the questions that a deck takes. */
export function writeDeck(request: SeenRequest): string {
  if (/exactly \d+ slide titles/.test(saidTo(request))) return writeOutline(request);
  const { response_format: format } = askedIn(request);
  if (format === undefined) return 'A field of blue panels.';
  const schema = format.json_schema?.schema as { properties: { slides: { minItems: number } } } | undefined;
  const slides = Array.from({ length: schema?.properties.slides.minItems ?? 0 }, (_, at) =>
    at === 0
      ? {
          title: '',
          template: 'twoColumn',
          content: { leftColumn: 'Solar costs', rightColumn: 'Gains' },
          notes: 'Hello.',
        }
      : { title: '', template: 'titleAndBullets', content: [`Solar energy, point ${at}`], notes: '' },
  );
  return JSON.stringify({ slides });
}

/** A PNG of one dot: the smallest picture that every program opens. */
export const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Starts it with accounts at both providers, unless `others` say otherwise. */
export async function startDecks(
  generation: Partial<GenerationSettings> = {},
  others: Partial<Settings> = {},
): Promise<DeckGateway> {
  const [sqlite] = ENGINES;
  if (sqlite === undefined) throw new Error('There is no engine.');
  const made: TestStore = await sqlite.make();
  const openrouter = await startUpstream((request, response) => sendChat(request, response, writeOutline(request)));
  const together = await startUpstream((_, response) =>
    sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] }),
  );
  const gateway = await startManagement(
    made.store,
    {},
    {
      providers: [
        provider('openrouter', `${openrouter.url}/api/v1`, 'sk-or-canary'),
        provider('together', `${together.url}/v1`, 'together-canary'),
      ],
      ...others,
      generation: { ...TEST_SETTINGS.generation, ...generation },
    },
  );
  return {
    ...gateway,
    openrouter,
    together,
    close: async () => {
      await gateway.close();
      await made.close();
      await openrouter.close();
      await together.close();
    },
  };
}
