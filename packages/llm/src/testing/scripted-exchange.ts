import { systemClock, type Clock } from '../model/clock.ts';
import { failed, ok } from '../model/failure.ts';
import type { FailureKind } from '../model/failure.ts';
import type { Part } from '../model/part.ts';
import { simulatorHandler } from '../providers/simulator/handler.ts';
import type { Scene } from '../providers/simulator/scripts.ts';
import type { Exchange } from '../transport/exchange.ts';
import { textOfBody } from './body-text.ts';

/** One answer of a script, whatever the format of whoever asks. */
export type ScriptedAnswer =
  | string
  | {
      readonly text?: string;
      readonly reasoning?: string;
      /** Calls of tools; `arguments` is what a tool takes. */
      readonly toolCalls?: readonly { readonly id?: string; readonly name: string; readonly arguments?: object }[];
      /** Pause before every word of a stream, in milliseconds. Default 0. */
      readonly paceMs?: number;
      /** How it ends: properly, never, with a broken connection, or with an error in the stream. Default `finish`. */
      readonly ending?: 'finish' | 'stall' | 'cut' | 'failure';
      /** Words before an ending other than `finish`. Default: all. */
      readonly wordsBeforeEnding?: number;
    }
  | {
      readonly status: number;
      /** Default: what the status usually means. */
      readonly kind?: FailureKind;
      readonly message?: string;
      readonly retryAfterS?: number;
    };

/** A provider that answers by a script. */
export interface ScriptedExchange extends Exchange {
  /** Bodies of the requests so far, as they came. */
  readonly requests: readonly { readonly url: string; readonly body: string }[];
}

/** How the script is played; everything is optional. */
export interface ScriptedOptions {
  readonly clock?: Clock;
  /**
   * Accounts of Amazon's, as secrets by access key id: requests to Bedrock must then be signed by one of them or carry a
   * bearer token. Default: nobody's signature is looked at.
   */
  readonly amazonAccounts?: Readonly<Record<string, string>>;
}

/**
 * An exchange that answers by a script, one answer a request and the last one again and again, in the dialect of whoever
 * asks: OpenAI's two, Anthropic's and Gemini's, these as Vertex AI, Bedrock and Antigravity carry them, Bedrock's
 * Converse, Ollama's, and vectors of texts. What the vendor would refuse is refused. Nothing is sent.
 */
export function scriptedExchange(
  answers: readonly ScriptedAnswer[],
  { clock = systemClock, amazonAccounts }: ScriptedOptions = {},
): ScriptedExchange {
  const requests: { readonly url: string; readonly body: string }[] = [];
  const answer = simulatorHandler({ clock, random: () => 0.5, ...(amazonAccounts && { amazonAccounts }) });
  return {
    requests,
    async send(request, signal) {
      const { url, body } = request;
      const scene = sceneOf(answers[Math.min(requests.length, answers.length - 1)] ?? '');
      const text = textOfBody(body);
      requests.push({ url, body: text });
      const arrived = { ...request, body: text };
      const path = new URL(url).pathname;
      const response = await answer({ path, body: text, script: { play: () => scene }, arrived }, signal);
      return response ? ok(response) : failed({ kind: 'cancelled', message: 'The request was cancelled.' });
    },
  };
}

function sceneOf(answer: ScriptedAnswer): Scene {
  if (typeof answer !== 'string' && 'status' in answer) return refusal(answer);
  const { text, reasoning, toolCalls = [], ...how } = typeof answer === 'string' ? { text: answer } : answer;
  const parts: Part[] = [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', text: reasoning } as const]),
    ...(text === undefined ? [] : [{ type: 'text', text } as const]),
    ...toolCalls.map(({ id, name, arguments: given = {} }, at): Part => ({
      type: 'tool-call',
      id: id ?? `call_${at + 1}`,
      name,
      argumentsJson: JSON.stringify(given),
    })),
  ];
  return { kind: 'answer', parts, paceMs: 0, ending: 'finish', wordsBeforeEnding: Infinity, ...how };
}

const KINDS: readonly (readonly [number, FailureKind])[] = [
  [400, 'invalid-request'],
  [401, 'authentication'],
  [403, 'permission'],
  [404, 'not-found'],
  [413, 'payload-too-large'],
  [429, 'rate-limit'],
  [503, 'overloaded'],
];

function refusal({ status, kind, message, retryAfterS }: Extract<ScriptedAnswer, { readonly status: number }>): Scene {
  const usual = KINDS.find(([each]) => each === status)?.[1] ?? (status < 500 ? 'invalid-request' : 'upstream');
  return {
    kind: 'refusal',
    status,
    failure: { kind: kind ?? usual, message: message ?? `The script answers ${status}.`, status },
    ...(retryAfterS !== undefined && { retryAfterS }),
  };
}
