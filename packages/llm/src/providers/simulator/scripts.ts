import type { Failure } from '../../model/failure.ts';
import type { Message } from '../../model/message.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { FunctionTool } from '../../model/tool.ts';
import { isObject, parseJson } from '../../wire/read.ts';
import { sampleArguments, sampleValue } from './sample-arguments.ts';

/** How an answer stops: properly, by silence, by a closed connection, or by an error in mid-stream. */
export type Ending = 'finish' | 'stall' | 'cut' | 'failure';

/** What the simulator does with one request. */
export type Scene =
  | {
      readonly kind: 'answer';
      readonly parts: readonly Part[];
      /** Pause before every word, in milliseconds. */
      readonly paceMs: number;
      readonly ending: Ending;
      /** Words sent before an ending other than `finish`. */
      readonly wordsBeforeEnding: number;
    }
  | { readonly kind: 'refusal'; readonly status: number; readonly failure: Failure; readonly retryAfterS?: number }
  | { readonly kind: 'silence' };

/** What the simulator does for one model name. */
export interface Script {
  /** What it does, in one line for lists and error messages. */
  readonly about: string;
  readonly play: (request: GenerationRequest, newId: () => string) => Scene;
}

const SAMPLE_TEXT = 'The quick brown fox jumps over the lazy dog while the patient gateway counts every word.';

/** Every script by the model name that runs it. */
export const SCRIPTS: Readonly<Record<string, Script>> = {
  echo: {
    about: 'answers with the last user text, or with a sample of the schema that is asked for',
    play: (request) => answer(textParts(echoed(request))),
  },
  tools: { about: 'calls the first declared tool, then answers with text', play: playTools },
  reasoning: { about: 'thinks, then answers', play: (request) => answer(thoughtful(request)) },
  slow: { about: 'sends one word per 100 ms', play: () => answer(textParts(SAMPLE_TEXT), { paceMs: 100 }) },
  stall: { about: 'sends one word, then nothing more', play: () => broken('stall', 1) },
  cut: { about: 'closes the connection in mid-answer', play: () => broken('cut', 8) },
  'error-after-first-token': { about: 'reports an error after one word', play: () => broken('failure', 1) },
  empty: { about: 'answers properly with no content', play: () => answer([]) },
  silent: { about: 'never answers, not even headers', play: () => ({ kind: 'silence' }) },
  '429': { about: 'refuses: rate limit, try again in 1 s', play: () => refusal(429, 'rate-limit', 1) },
  '500': { about: 'refuses: internal error', play: () => refusal(500, 'upstream') },
  '503': { about: 'refuses: overloaded', play: () => refusal(503, 'overloaded') },
};

function answer(parts: readonly Part[], pace?: { readonly paceMs: number }): Scene {
  return { kind: 'answer', parts, paceMs: pace?.paceMs ?? 0, ending: 'finish', wordsBeforeEnding: Infinity };
}

function broken(ending: Ending, wordsBeforeEnding: number): Scene {
  return { kind: 'answer', parts: textParts(SAMPLE_TEXT), paceMs: 0, ending, wordsBeforeEnding };
}

function refusal(status: number, kind: Failure['kind'], retryAfterS?: number): Scene {
  const failure: Failure = {
    kind,
    message: `The simulator was asked to answer ${status}.`,
    status,
    ...(retryAfterS === undefined ? {} : { retryAfterMs: retryAfterS * 1000 }),
  };
  return { kind: 'refusal', status, failure, ...(retryAfterS === undefined ? {} : { retryAfterS }) };
}

function playTools(request: GenerationRequest, newId: () => string): Scene {
  const results = request.messages.at(-1);
  if (results?.role === 'tool') return answer(textParts(`The tool answered: ${textOfMessage(results)}`));
  const tool = chosenTool(request);
  if (!tool) return answer(textParts('No tool may be called here.'));
  const argumentsJson = JSON.stringify(sampleArguments(tool.inputSchema));
  return answer([{ type: 'tool-call', id: `call_${newId()}`, name: tool.name, argumentsJson }]);
}

function chosenTool(request: GenerationRequest): FunctionTool | undefined {
  const functions = (request.tools ?? []).filter((tool) => tool.type === 'function');
  const choice = request.toolChoice;
  if (choice?.type === 'none') return undefined;
  if (choice?.type === 'tool') return functions.find((tool) => tool.name === choice.name);
  return functions[0];
}

function thoughtful(request: GenerationRequest): readonly Part[] {
  const text = lastUserText(request) || SAMPLE_TEXT;
  const thought = `The user wrote ${text.length} characters. I shall repeat them.`;
  return [{ type: 'reasoning', text: thought, signature: 'c2ltdWxhdGVkLXNpZ25hdHVyZQ==' }, ...textParts(text)];
}

const textParts = (text: string): readonly Part[] => (text === '' ? [] : [{ type: 'text', text }]);

function lastUserText(request: Pick<GenerationRequest, 'messages'>): string {
  const message = request.messages.findLast((each) => each.role === 'user');
  return message ? textOfMessage(message) : '';
}

/** What was said last; where JSON is asked for and it is none, a sample of the schema, or the text as a member. */
function echoed({ outputFormat, ...request }: GenerationRequest): string {
  const text = lastUserText(request);
  if (outputFormat === undefined || outputFormat.type === 'text' || isObject(parseJson(text))) return text;
  return JSON.stringify(outputFormat.type === 'json' ? { text } : sampleValue(outputFormat.schema));
}

/** The readable text of a message, tool results included. */
export const textOfMessage = (message: Message): string => textOfParts(message.content);

function textOfParts(parts: readonly Part[]): string {
  return parts
    .map((part) => (part.type === 'text' ? part.text : part.type === 'tool-result' ? textOfParts(part.content) : ''))
    .filter((text) => text !== '')
    .join('\n');
}
