import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { Json } from '@patchbay/llm/model/json';
import { scanJson } from '@patchbay/llm/transport/scan-json';
import { objectOf, parseJson, textOf } from '@patchbay/llm/wire/read';

import type { Call } from '../call.ts';
import type { ModelDirectory } from '../ports.ts';
import type { Outcome, Stage } from '../stage.ts';
import type { BackgroundRuns } from './background-runs.ts';
import { expandInput, type Expanded } from './expand-input.ts';
import { itemsOf, referenceOf } from './input-items.ts';
import type { ResponseIssuers } from './response-issuers.ts';
import type { ResponseShelf } from './response-shelf.ts';
import type { SpokenFormats } from '../spoken-formats.ts';
import { responseThread } from './response-thread.ts';
import { refusedResponse } from './unknown-state.ts';

export interface ContinueParts {
  readonly shelf: ResponseShelf;
  readonly background: BackgroundRuns;
  readonly issuers: ResponseIssuers;
  readonly directory: ModelDirectory;
  readonly formats: SpokenFormats;
  readonly clock: Clock;
  /** A new id for an answer: `resp_` and 32 hexadecimal digits. */
  readonly newId: () => string;
}

const TOO_LARGE: Failure = {
  kind: 'context-overflow',
  message: 'The conversation has grown too long to go on. Begin a new one with a summary of it.',
};
const UNKEPT_BACKGROUND = refusedResponse('Background mode requires `store` to be true.', 'background');

/**
 * Gives providers without state the conversation that the gateway keeps in their place, sees to it that their answers
 * are kept too, and lets calls run on while nobody waits.
 */
export const continueResponses =
  (parts: ContinueParts): Stage =>
  (call, next) =>
    call.clientFormat === 'openai-responses' ? goOn(parts, call, next) : next(call);

async function goOn(parts: ContinueParts, call: Call, next: (call: Call) => Promise<Outcome>): Promise<Outcome> {
  const { keyId } = call.caller;
  const express = isExpress(parts, call);
  const json = saysMore(call) ? (call.json ?? objectOf(parseJson(call.body.toString()))) : undefined;
  const expansion = json && (await expandInput(json, { shelf: parts.shelf, keyId, express }));
  if (expansion?.ok === false) return { kind: 'failed', failure: expansion.failure };
  const expanded = expansion?.value;
  const onward = expanded === undefined ? call : expandedCall(call, expanded);
  if (onward === undefined) return { kind: 'failed', failure: TOO_LARGE };
  if (call.operation !== 'generate') return next(onward);
  const id = parts.newId();
  const own: readonly Json[] | undefined = expanded?.own;
  const previousId = expanded?.previousId;
  if (json?.['background'] === true && !express) {
    if (json['store'] === false) return { kind: 'failed', failure: UNKEPT_BACKGROUND };
    return parts.background.begin({ call: onward, json: expanded?.json ?? json, own, previousId, id, next });
  }
  const createdAtMs = parts.clock.nowMs();
  const keep = parts.shelf.keep.bind(parts.shelf);
  const { issuers } = parts;
  const foreignId = previousId === undefined ? textOf(json?.['previous_response_id']) : undefined;
  const front = { keyId, id, createdAtMs, previousId, own };
  onward.thread = responseThread({ ...front, background: false, keep, issuers, foreignId });
  return next(onward);
}

/** Whether the provider that is asked first speaks the Responses API itself, and keeps its conversations. */
function isExpress({ directory, formats }: ContinueParts, call: Call): boolean {
  const found = directory.resolve(call.model, call.caller.userId);
  const first = 'targets' in found ? found.targets[0] : undefined;
  const runtime = first && directory.provider(first.providerId);
  return runtime !== undefined && formats.has(runtime, call.clientFormat);
}

/** Members that stand for more than they say. */
const MEMBERS = ['previous_response_id', 'background'] as const;

/** Whether a request stands for more than it says; a heavy body is not parsed for it. */
function saysMore({ json, body }: Call): boolean {
  if (json === undefined) return [...MEMBERS, 'item_reference'].some((name) => body.includes(`"${name}"`));
  return MEMBERS.some((name) => json[name]) || itemsOf(json['input']).some((item) => referenceOf(item) !== undefined);
}

/** The call with its body written anew; `undefined` when that is more than a body may be. */
function expandedCall(call: Call, { json }: Expanded): Call | undefined {
  const body = Buffer.from(JSON.stringify(json));
  const scan = scanJson(body);
  if (!scan.ok) return undefined;
  // The body as it came is as large as the new one, and nobody needs it any more.
  call.json = undefined;
  return { ...call, body, json, modelSpan: scan.members.get('model') };
}
