import { sendJson, startUpstream, type ScriptedUpstream } from '../../../gateway/test/support/scripted-upstream.ts';

/** Models that the catalogue knows at this provider: one reads images, one reads words alone, and one calls no tools. */
export const SEES = 'groq/qwen/qwen3.8-27b';
export const READS = 'groq/llama-3.3-70b-versatile';
export const CALLS_NONE = 'groq/groq/compound';
/** One whose dialect has no word for a seed. */
export const SEEDLESS = 'anthropic/claude-3-5-haiku-latest';

/** A provider whose answers a test writes. */
export interface TalkingUpstream extends ScriptedUpstream {
  /** What the next answers are, piece by piece, as deltas of OpenAI's chat dialect. */
  deltas: readonly object[];
  /** The bodies of the calls so far, the model lists apart. */
  readonly bodies: () => readonly Readonly<Record<string, unknown>>[];
}

/** A provider that streams what a test says, in OpenAI’s dialect; in Anthropic’s, always the same. */
export async function startTalking(): Promise<TalkingUpstream> {
  const upstream = await startUpstream((request, response) => {
    if (request.method !== 'POST') {
      const [provider] = request.path.split('/').filter((each) => each !== '');
      const own = [SEES, READS, CALLS_NONE, SEEDLESS].filter((id) => id.startsWith(`${provider}/`));
      return sendJson(response, 200, {
        data: own.map((id) => ({ id: id.slice(id.indexOf('/') + 1), object: 'model' })),
      });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (request.path.endsWith('/messages')) return void response.end(ANTHROPIC);
    const send = (value: object): void => void response.write(`data: ${JSON.stringify(value)}\n\n`);
    const base = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };
    const calls = talking.deltas.some((delta) => 'tool_calls' in delta);
    for (const delta of talking.deltas) send({ ...base, choices: [{ index: 0, delta, finish_reason: null }] });
    send({ ...base, choices: [{ index: 0, delta: {}, finish_reason: calls ? 'tool_calls' : 'stop' }] });
    send({ ...base, choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } });
    response.end('data: [DONE]\n\n');
  });
  const talking: TalkingUpstream = Object.assign(upstream, {
    deltas: [{ content: 'Well.' }] as readonly object[],
    bodies: () =>
      upstream.seen
        .filter(({ method }) => method === 'POST')
        .map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>),
  });
  return talking;
}

/** Settings of a gateway that knows this provider. */
export const talksTo = (upstream: TalkingUpstream): Readonly<Record<string, string>> => ({
  GROQ_BASE_URL: `${upstream.url}/groq/v1`,
  GROQ_API_KEY: 'canary-groq-0123456789',
  ANTHROPIC_BASE_URL: `${upstream.url}/anthropic`,
  ANTHROPIC_API_KEY: 'sk-ant-canary-0123456789',
});

const ANTHROPIC = [
  {
    type: 'message_start',
    message: {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'c',
      content: [],
      usage: { input_tokens: 3, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Wet.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
]
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  .join('');
