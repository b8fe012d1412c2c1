import type { WireFormatId } from '@patchbay/llm/model/extras';

import type { Call } from './call.ts';
import { estimateTokens } from './estimate-tokens.ts';
import type { Found } from './ports.ts';
import type { SpokenFormats } from './spoken-formats.ts';
import type { Outcome } from './stage.ts';

/** How a format says how many tokens a request has. */
const COUNTED: Readonly<Partial<Record<WireFormatId, (tokens: number) => object>>> = {
  gemini: (tokens) => ({ totalTokens: tokens }),
  'openai-responses': (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
};
const COUNTED_ELSEWHERE = (tokens: number): object => ({ input_tokens: tokens });

/** A provider that cannot count gets our estimate, marked as one. */
export function tokenEstimate(call: Call, found: Found, formats: SpokenFormats): Outcome | undefined {
  const [target] = found.targets;
  const runtime = target === undefined ? undefined : found.provider(target.providerId);
  if (call.operation !== 'count-tokens' || target === undefined || runtime === undefined) return undefined;
  const speaks = formats.choose(runtime, target.model, call.clientFormat);
  if (speaks?.format === call.clientFormat && speaks.countPath !== undefined) return undefined;
  const tokens = estimateTokens(call.body.length);
  return { kind: 'body', body: (COUNTED[call.clientFormat] ?? COUNTED_ELSEWHERE)(tokens) };
}
