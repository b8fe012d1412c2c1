import type { ExplainRequest, Explanation } from '@patchbay/contract/resources/explanation';
import type { Failure, FailureKind } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';

import type { Caller } from '../../identity/ports.ts';
import type { Principal } from '../../identity/principal.ts';
import { ownerFor } from '../accounts/reachable.ts';
import { done, refused } from '../handler.ts';
import { explainTarget, type AskedFor } from './explain-target.ts';
import type { ExplainHandlers, ExplainParts, Thought } from './parts.ts';

/** What a request would meet, without anyone being called. */
export function explainHandlers(parts: ExplainParts): ExplainHandlers {
  return {
    'explain.request': async ({ body }, { principal }) => {
      const caller = callerFor(parts, body.key_id, principal);
      if (caller === undefined) return refused(keyNotFound(body.key_id ?? ''));
      const thought = thoughtOf(body);
      const foreseen = await parts.foresight.ofCaller(caller, thought);
      const own = foreseen.refusal && refusalOf(foreseen.refusal);
      const limits = [...foreseen.limits];
      const found = parts.find(body.model, caller.userId);
      if ('failure' in found) {
        const refusal = own ?? refusalOf(found.failure);
        const version = parts.version();
        return done({ model: body.model, registry_version: version, resolution: [], targets: [], limits, refusal });
      }
      const asked: AskedFor = { thought, accountId: body.account_id, owner: ownerFor(principal) };
      const ordered = parts.foresight.order(found.targets);
      const explained = await Promise.all(ordered.map((target) => explainTarget(parts, target, found, asked)));
      const failure = explained.map((each) => each.refusal).reduce(unlessOneIsFree, undefined);
      const refusal = own ?? (failure && refusalOf(failure));
      return done({
        model: body.model,
        registry_version: found.version,
        resolution: ordered.map(({ providerId, model }) => `\`${body.model}\` goes to ${providerId} as \`${model}\`.`),
        targets: explained.map(({ shown }) => shown),
        limits,
        ...(refusal && { refusal }),
      });
    },
  };
}

/** The key that is asked about, else whoever asks: a key that belongs to nobody, or a user with names and limits of its own. */
function callerFor(
  { callerOf }: ExplainParts,
  keyId: string | undefined,
  principal: Principal | undefined,
): Caller | undefined {
  if (keyId !== undefined) {
    const caller = callerOf(keyId);
    const owner = ownerFor(principal);
    return owner === undefined || caller?.userId === owner ? caller : undefined;
  }
  if (principal?.kind === 'user') return { keyId: '', label: principal.name, userId: principal.id };
  const nobodys = { keyId: '', label: '' };
  return principal?.kind === 'api-key' ? (callerOf(principal.id) ?? { ...nobodys, userId: principal.id }) : nobodys;
}

const keyNotFound = (keyId: string) =>
  ({
    code: 'NOT_FOUND',
    field: 'key_id',
    message: `There is no key \`${keyId.slice(0, 100)}\` in force. GET /api/v1/api-keys lists them.`,
  }) as const;

/** The request itself: as `body`, or beside the members that only explanations have. */
function thoughtOf(asked: ExplainRequest): Thought {
  const { model, key_id: _, account_id: __, format: ___, body, ...beside } = asked;
  const json = (body ?? (Object.keys(beside).length > 0 ? beside : undefined)) as JsonObject | undefined;
  return { model, json, bodyBytes: json === undefined ? 0 : Buffer.byteLength(JSON.stringify({ model, ...json })) };
}

type Refusal = NonNullable<Explanation['refusal']>;

/** The first refusal, as long as no target would serve the request. */
const unlessOneIsFree = (before: Failure | undefined, each: Failure | undefined, index: number): Failure | undefined =>
  each === undefined || (index > 0 && before === undefined) ? undefined : (before ?? each);

const STATUSES: Readonly<Partial<Record<FailureKind, number>>> = {
  'not-found': 404,
  permission: 403,
  'context-overflow': 400,
  'rate-limit': 429,
  'quota-exhausted': 429,
  overloaded: 503,
};

const refusalOf = ({ kind, message }: Failure): Refusal => ({ status: STATUSES[kind] ?? 502, message });
