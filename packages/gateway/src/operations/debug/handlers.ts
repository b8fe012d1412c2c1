import type { DEBUG_OPERATIONS } from '@patchbay/contract/operations/debug';
import type { CACHED_ENDPOINTS, DebugConfig } from '@patchbay/contract/resources/debug';
import type { Clock } from '@patchbay/llm/model/clock';

import type { LastPrompt, LastPrompts, PromptedEndpoint } from '../../telemetry/last-prompts.ts';
import type { TraceBook } from '../../telemetry/trace-book.ts';
import type { ShownTrace, Trace } from '../../telemetry/trace.ts';
import { allows, type Principal } from '../../identity/principal.ts';
import { done, refused, type Handlers } from '../handler.ts';
import { timestamp } from '../timestamp.ts';

/** Forgets what a feature made or models answered, in every process; returns how many answers that were in this one. */
export type ClearCache = (endpoint: (typeof CACHED_ENDPOINTS)[number]) => number;

/** What the operations that look into a gateway stand on. */
export interface DebugParts {
  readonly config: () => DebugConfig;
  readonly prompts: Pick<LastPrompts, 'of'>;
  readonly clearCache: ClearCache;
  readonly bundle: () => Promise<Buffer>;
  readonly traces: Pick<TraceBook, 'find'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Looks into a running gateway. */
export function debugHandlers(parts: DebugParts): Handlers<keyof typeof DEBUG_OPERATIONS> {
  const { prompts, traces, clock } = parts;
  return {
    'debug.config': () => Promise.resolve(done(parts.config())),
    'debug.lastPrompt': ({ query: { endpoint } }) => {
      const prompt = prompts.of(endpoint);
      if (prompt !== undefined) return Promise.resolve(done(presentPrompt(endpoint, prompt)));
      const message = `Nothing has been asked for \`${endpoint}\` since the start. Call POST /v1/generate/${endpoint} first.`;
      return Promise.resolve(refused({ code: 'NOT_FOUND', message }));
    },
    'debug.clearCache': ({ query: { endpoint } }) => {
      const cleared = parts.clearCache(endpoint);
      const change = { resource: 'generation-cache', resourceId: endpoint, after: { cleared } };
      return Promise.resolve(done({ cleared, endpoint }, change));
    },
    'debug.supportBundle': async () => {
      const name = `support-bundle-${timestamp(clock.nowMs()).slice(0, 19).replaceAll(/\D/g, '')}.zip`;
      const bytes = await parts.bundle();
      return { ok: true, value: undefined, file: { name, contentType: 'application/zip', bytes } };
    },
    'debug.trace': ({ params: { id } }, { principal }) => {
      const trace = traces.find(id);
      if (trace !== undefined && principal !== undefined && maySee(principal, trace))
        return Promise.resolve(done(presentTrace(trace.show())));
      const message =
        'There is no such trace, or it is not yours. Send the request again with `X-Trace-Enabled: true`; the newest traces are kept.';
      return Promise.resolve(refused({ code: 'NOT_FOUND', message }));
    },
  };
}

const maySee = (principal: Principal, { owner }: Trace): boolean =>
  allows(principal, 'system:config') || principal.id === (owner.userId ?? owner.keyId);

const presentPrompt = (endpoint: PromptedEndpoint, prompt: LastPrompt) => ({
  endpoint,
  request_id: prompt.requestId,
  model: prompt.model,
  messages: prompt.messages.map((each) => ({ ...each })),
  asked_at: timestamp(prompt.askedAtMs),
  answered_at: prompt.answeredAtMs === undefined ? null : timestamp(prompt.answeredAtMs),
  answer: prompt.answer ?? null,
});

const presentTrace = ({ id, requestId, startedAtMs, steps, droppedSteps }: ShownTrace) => ({
  id,
  request_id: requestId,
  started_at: timestamp(startedAtMs),
  duration_ms: steps.at(-1)?.atMs ?? 0,
  steps: steps.map(({ name, atMs, facts }) => ({
    name,
    at_ms: atMs,
    ...(facts !== undefined && { facts: { ...facts } }),
  })),
  dropped_steps: droppedSteps,
});
