import type { Credential } from '@patchbay/llm/credentials/credential';
import type { Failure } from '@patchbay/llm/model/failure';
import { parseJson } from '@patchbay/llm/wire/read';

import type { RawAnswer } from '../relay/relay-attempt.ts';

/** A failure without the account's own key: a provider may repeat in its refusal what it was sent. */
export function hideInFailure(credential: Credential, failure: Failure): Failure {
  if (credential.kind === 'anonymous') return failure;
  const { key } = credential;
  const { detail, raw } = failure;
  return {
    ...failure,
    message: key.hideIn(failure.message),
    ...(detail !== undefined && { detail: key.hideIn(detail) }),
    ...(raw !== undefined && {
      raw: { ...raw, body: parseJson(key.hideIn(JSON.stringify(raw.body))) ?? null },
    }),
  };
}

/** A refusal's bytes and headers without the account's own key; the very same answer where the key is not in it. */
export function hideInRaw(credential: Credential, raw: RawAnswer): RawAnswer {
  if (credential.kind === 'anonymous') return raw;
  const { key } = credential;
  const text = raw.body.toString('latin1');
  const hidden = key.hideIn(text);
  const headers = Object.entries(raw.headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? key.hideIn(value) : value?.map((each) => key.hideIn(each)),
  ]);
  return {
    ...raw,
    headers: Object.fromEntries(headers) as RawAnswer['headers'],
    body: hidden === text ? raw.body : Buffer.from(hidden, 'latin1'),
  };
}
