import { waiting, type Loss, type Reply, type ToolCall } from './conversation.ts';

/** One call of a model. */
export interface Question {
  readonly key: string;
  readonly model: string;
  readonly body: object;
  readonly signal: AbortSignal;
  /** Told whenever more of the answer is there. */
  readonly onReply: (reply: Reply) => void;
}

type Json = Readonly<Record<string, unknown>>;

/** Asks a model and tells of the answer as it comes. Never throws: what went wrong is part of the answer. */
export async function streamReply({ key, model, body, signal, onReply }: Question): Promise<void> {
  const begunMs = performance.now();
  const sinceMs = (): number => Math.round(performance.now() - begunMs);
  let reply = waiting(model);
  const tell = (change: Partial<Reply>): void => onReply((reply = { ...reply, ...change }));
  try {
    const answer = await globalThis.fetch('/v1/chat/completions', {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
      signal,
    });
    tell(factsOf(answer.headers));
    if (!answer.ok || answer.body === null) {
      const said = saidAgainst(jsonOf(await answer.text()));
      return tell({ state: 'failed', error: said ?? `The gateway answered ${answer.status}.`, tookMs: sinceMs() });
    }
    for await (const events of eventsOf(answer.body)) {
      reply = events.reduce((before, event) => withEvent(before, event, sinceMs()), reply);
      tell({});
      if (reply.state === 'failed') return;
    }
    tell({ state: 'done', tookMs: sinceMs() });
  } catch (error) {
    if (signal.aborted) return tell({ state: 'stopped', tookMs: sinceMs() });
    const why = reply.state === 'waiting' ? 'The gateway does not answer.' : 'The answer broke off.';
    tell({ state: 'failed', error: error instanceof TypeError ? why : String(error), tookMs: sinceMs() });
  }
}

/** What the headers of an answer tell of it. */
function factsOf(headers: Headers): Partial<Reply> {
  const requestId = headers.get('x-request-id');
  return { losses: lossesIn(headers.get('x-patchbay-losses') ?? ''), ...(requestId !== null && { requestId }) };
}

/** The losses of a header: `path;instead, path;instead`. */
export const lossesIn = (header: string): readonly Loss[] =>
  header
    .split(', ')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [path = '', instead = ''] = entry.split(';');
      return { path: decoded(path), instead };
    });

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** The events of each piece that arrives, so that a page is drawn once a piece. */
async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<readonly Json[]> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    // One piece after the other: that is what a stream is.
    // oxlint-disable-next-line no-await-in-loop
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    const events = lines.filter((line) => line.startsWith('data:')).map((line) => jsonOf(line.slice(5)));
    if (events.length > 0) yield events;
  }
}

/** An answer with what one event adds. */
export function withEvent(reply: Reply, event: Json, atMs: number): Reply {
  const said = saidAgainst(event);
  if (said !== undefined) return { ...reply, state: 'failed', error: said, tookMs: atMs };
  const choice = listOf(event['choices'])[0] ?? {};
  const delta = membersOf(choice['delta']);
  const [text, refusal] = [textOf(delta['content']), textOf(delta['refusal'])];
  const reasoning = textOf(delta['reasoning_content']) || textOf(delta['reasoning']);
  const pieces = listOf(delta['tool_calls']);
  const isFirst = reply.firstMs === undefined && (text + refusal + reasoning !== '' || pieces.length > 0);
  const finish = textOf(choice['finish_reason']);
  const usage = membersOf(event['usage']);
  return {
    ...reply,
    state: 'streaming',
    text: reply.text + text + refusal,
    reasoning: reply.reasoning + reasoning,
    calls: pieces.reduce(withPiece, reply.calls),
    ...(finish !== '' && { finish }),
    ...(isFirst && { firstMs: atMs }),
    ...(typeof usage['prompt_tokens'] === 'number' && { inputTokens: usage['prompt_tokens'] }),
    ...(typeof usage['completion_tokens'] === 'number' && { outputTokens: usage['completion_tokens'] }),
  };
}

/** The calls with one more piece: the first of a call has its name, the others more of its arguments. */
function withPiece(calls: readonly ToolCall[], piece: Json): readonly ToolCall[] {
  const told = membersOf(piece['function']);
  const [name, argumentsJson] = [textOf(told['name']), textOf(told['arguments'])];
  const at = typeof piece['index'] === 'number' ? piece['index'] : Math.max(calls.length - 1, 0);
  const known = calls[at];
  if (known === undefined) return [...calls, { id: textOf(piece['id']) || `call_${at}`, name, argumentsJson }];
  const grown = { ...known, name: known.name + name, argumentsJson: known.argumentsJson + argumentsJson };
  return calls.map((call, of) => (of === at ? grown : call));
}

/** What a body says against the call: `{ error: { message } }`, or `{ error: "…" }`. */
function saidAgainst(body: Json): string | undefined {
  const error = body['error'];
  if (typeof error === 'string') return error;
  const message = membersOf(error)['message'];
  return typeof message === 'string' ? message : undefined;
}

const membersOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(membersOf) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Empty for what is no JSON, such as the mark of the end. */
function jsonOf(text: string): Json {
  try {
    return membersOf(JSON.parse(text));
  } catch {
    return {};
  }
}
