import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Failure } from '@patchbay/llm/model/failure';
import { redactText } from '@patchbay/llm/transport/redact-text';

import type { AttemptRecord } from '../telemetry/call-record.ts';
import { hideInFailure } from './hide-credential.ts';

/** Sentences of providers tell what to do in their first lines; some go on with the whole request. */
const SAID_MAX = 300;
/** As much is looked through for secrets, so that none is cut in two and then not known for one. */
const READ_MAX = 4 * SAID_MAX;

/** Writes into the record of a try why it failed, and what was said, without the `secrets` that presented the account. */
export function noteFailure(record: AttemptRecord, failure: Failure, secrets: readonly Secret[]): void {
  const { kind, code, phase, message } = hideInFailure(secrets, failure);
  const said = redactText(message.slice(0, READ_MAX)).replace(/\s+/g, ' ').trim();
  record.failureKind = kind;
  record.error = code === undefined ? kind : `${kind} (${code})`;
  if (said !== '') record.said = said.length > SAID_MAX ? `${said.slice(0, SAID_MAX - 1)}…` : said;
  if (phase !== undefined) record.failurePhase = phase;
}
