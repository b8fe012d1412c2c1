import { failed, ok, type Result } from '@patchbay/llm/model/failure';
import type { Speaks } from '@patchbay/llm/providers/define-provider';
import { anthropicMessages } from '@patchbay/llm/wire/anthropic-messages/index';
import type { Loss } from '@patchbay/llm/wire/codec';
import { arrayOf, objectOf, parseJson, textOf } from '@patchbay/llm/wire/read';

import { amazonSpeech } from '../relay/amazon-speech.ts';
import { expressSpeech } from '../relay/express-speech.ts';
import { addressOf } from './address.ts';
import { attemptHeaders } from './attempt-headers.ts';
import type { AttemptPlan, Prepared } from './attempt-plan.ts';
import type { Call } from './call.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { withMembers } from './invoke-body.ts';
import { strictRefusal, threadRefusal } from './prepare-translation.ts';

/** Anthropic's words in Amazon's frames. */
type AmazonSpeaks = Speaks & { readonly format: 'anthropic-messages' };

/** True where a host carries Anthropic's dialect in frames of its own, so that the caller's bytes alone do not do. */
export const isAmazons = (speaks: Speaks): speaks is AmazonSpeaks =>
  speaks.format === 'anthropic-messages' && speaks.dialect?.framing !== undefined;

/**
 * The caller's own members for a host that has Anthropic's dialect without its addresses: only model, stream, version
 * and betas are said elsewhere. Betas that the host does not take are losses, because it would refuse the whole request.
 */
export function prepareInvoke(plan: AttemptPlan, speaks: AmazonSpeaks): Result<Prepared> {
  const { call, runtime, model } = plan;
  const dialect = speaks.dialect ?? {};
  const json = call.json ?? objectOf(parseJson(call.body.toString()));
  const threads = threadRefusal(call, json);
  if (threads !== undefined) return failed(threads);
  const asked = betasOf(call, arrayOf(json?.['anthropic_beta']));
  const betas = asked.filter((beta) => dialect.betasInBody?.includes(beta) !== false);
  const losses = asked.filter((beta) => !betas.includes(beta)).map(unknownBeta);
  const refused = call.strict ? strictRefusal(runtime, losses) : undefined;
  if (refused !== undefined) return failed(refused);
  call.json = undefined;
  const body = withMembers(call.body, {
    anthropic_version: dialect.versionInBody,
    anthropic_beta: betas.length === 0 ? undefined : betas,
    model: undefined,
    stream: undefined,
  });
  const speech = expressSpeech({
    codec: anthropicMessages,
    dialect,
    streams: call.stream,
    inputTokensEstimate: estimateTokens(call.body.length),
  });
  return ok({
    request: {
      method: 'POST',
      url: runtime.baseUrl + addressOf(call, speaks, model),
      headers: attemptHeaders(plan, speaks),
      body,
    },
    speech: amazonSpeech(speech),
    losses,
  });
}

/** What the caller tries of Anthropic's, from the header and from the body, each once. */
function betasOf({ headers }: Call, said: readonly unknown[]): readonly string[] {
  const named = [headers['anthropic-beta'] ?? []].flat().flatMap((value) => value.split(','));
  const all = [...named.map((each) => each.trim()), ...said.flatMap((each) => textOf(each) ?? [])];
  return [...new Set(all)].filter((each) => each !== '');
}

const unknownBeta = (beta: string): Loss => ({
  path: 'headers.anthropic-beta',
  what: `the beta \`${beta.slice(0, 100)}\``,
  instead: 'dropped',
});
