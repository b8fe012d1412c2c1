import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Failure } from '@patchbay/llm/model/failure';
import { parseJson } from '@patchbay/llm/wire/read';

import type { RawAnswer } from '../relay/relay-attempt.ts';

/** Puts a mask in the place of everything secret. */
type Hide = (text: string) => string;

function hiderOf(secrets: readonly Secret[]): Hide | undefined {
  if (secrets.length === 0) return undefined;
  return (text) => secrets.reduce((shown, secret) => secret.hideIn(shown), text);
}

/** A failure without what presented the account: a provider may repeat in its refusal what it was sent. */
export function hideInFailure(secrets: readonly Secret[], failure: Failure): Failure {
  const hide = hiderOf(secrets);
  if (hide === undefined) return failure;
  const { detail, raw } = failure;
  return {
    ...failure,
    message: hide(failure.message),
    ...(detail !== undefined && { detail: hide(detail) }),
    ...(raw !== undefined && { raw: { ...raw, body: parseJson(hide(JSON.stringify(raw.body))) ?? null } }),
  };
}

/** A refusal's bytes and headers without what presented the account; the very same answer where that is not in it. */
export function hideInRaw(secrets: readonly Secret[], raw: RawAnswer): RawAnswer {
  const hide = hiderOf(secrets);
  if (hide === undefined) return raw;
  const text = raw.body.toString('latin1');
  const hidden = hide(text);
  const headers = Object.entries(raw.headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? hide(value) : value?.map(hide),
  ]);
  return {
    ...raw,
    headers: Object.fromEntries(headers) as RawAnswer['headers'],
    body: hidden === text ? raw.body : Buffer.from(hidden, 'latin1'),
  };
}
