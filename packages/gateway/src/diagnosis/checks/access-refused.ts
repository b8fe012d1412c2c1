import type { RefusalCount } from '../../telemetry/refusal-book.ts';
import { defineCheck, type Found } from '../check.ts';

/** Anybody mistypes once; whoever is refused this often goes on being refused. */
const OFTEN = 3;

/** What a reason is found as, why it happens, and what to do about it. */
interface Meaning {
  readonly code: string;
  readonly cause: string;
  readonly remedy: string;
}

const SIGN_IN =
  'Sign in again: `curl -s $PATCHBAY_URL/api/auth/login -H "content-type: application/json" -d \'{"username":"…","password":"…"}\'`, and send the `token` of the answer.';
const NEW_KEY = 'Make a new one with `patchbay keys create`, and put it where the old one is.';

const MEANINGS: Readonly<Record<string, Meaning>> = {
  expired: {
    code: 'token-expired',
    cause: 'Access tokens were presented that have expired.',
    remedy: `${SIGN_IN} Clients that renew with the refresh token never meet this.`,
  },
  malformed: {
    code: 'token-malformed',
    cause: 'The header `Authorization` held something that is no bearer credential.',
    remedy: 'Send `Authorization: Bearer <token>`: the word Bearer, one space, and the token without quotes.',
  },
  invalid: {
    code: 'token-unknown',
    cause: 'Tokens or keys were presented that are none of this gateway.',
    remedy: `${SIGN_IN} A key of ours begins with pb_; check that it was copied whole.`,
  },
  foreign: {
    code: 'token-wrong-environment',
    cause:
      'Tokens were presented that another secret has signed: of another environment, or from before JWT_SECRET changed.',
    remedy: `Compare the address that the client uses with the one where it signed in. ${SIGN_IN} Replicas must share JWT_SECRET.`,
  },
  ended: {
    code: 'token-session-ended',
    cause: 'Tokens were presented whose session or user has ended.',
    remedy: SIGN_IN,
  },
  missing: {
    code: 'credential-missing',
    cause: 'Requests came without any credential.',
    remedy: 'Send `Authorization: Bearer <token or key>` or `X-API-Key: <key>`.',
  },
  'calls-only': {
    code: 'key-without-role',
    cause: 'A key for calls of models was used on routes that manage the gateway.',
    remedy: 'Make a key with a role: `POST /v1/api-keys` with {"label":"…","role":"admin"}, or sign in.',
  },
  'lacks-permission': {
    code: 'role-missing',
    cause: 'Somebody was signed in whose role does not include what was asked for.',
    remedy:
      'Give the user another role (Console → Users, or `PUT /api/users/{id}` with {"role":"admin"}), and sign in again.',
  },
  'foreign-page': {
    code: 'origin-not-allowed',
    cause: 'A page of another origin made browsers send requests.',
    remedy: 'If the page is yours, name its origin in CORS_ORIGIN and let it send a token instead of the cookie.',
  },
  'no-csrf-token': {
    code: 'origin-not-allowed',
    cause: 'Changes came by the cookie of a browser without the header `X-CSRF-Token`.',
    remedy: 'Send the token that `GET /api/session` tells, or a bearer token in the place of the cookie.',
  },
  'unknown-key': {
    code: 'key-unknown',
    cause: 'Keys were presented that are not known here.',
    remedy: `Compare the first characters with \`patchbay keys list\`. ${NEW_KEY}`,
  },
  'revoked-key': { code: 'key-revoked', cause: 'A key was presented that has been revoked.', remedy: NEW_KEY },
  'expired-key': {
    code: 'key-expired',
    cause: 'A key was presented that has expired.',
    remedy: `${NEW_KEY} Or prolong it: \`PUT /v1/api-keys/{id}\` with {"expires_at":"…"}.`,
  },
};

/** Whoever is refused sees a short word; why it happens again and again is seen here. */
export const accessRefused = defineCheck({
  id: 'access-refused',
  title: 'Whether credentials were refused lately',
  codes: Object.fromEntries(
    Object.entries({
      'token-expired': 'Expired tokens are presented',
      'token-malformed': 'Malformed credentials are presented',
      'token-unknown': 'Unknown tokens are presented',
      'token-wrong-environment': 'Tokens of another environment are presented',
      'token-session-ended': 'Tokens of ended sessions are presented',
      'credential-missing': 'Requests come without a credential',
      'key-without-role': 'A key for calls is used for management',
      'role-missing': 'A role lacks what is asked for',
      'origin-not-allowed': 'A page is not allowed to do what it asks for',
      'key-unknown': 'Unknown keys are presented',
      'key-revoked': 'Revoked keys are presented',
      'key-expired': 'Expired keys are presented',
    }).map(([code, title]) => [code, { severity: 'info', title }]),
  ),
  symptoms: [
    'providers-401',
    'providers-403',
    'integration-authentication',
    'generation-authentication',
    'library-credentials',
    'library-token-expired',
  ],
  reach: 'here',
  needs: ['refusals'],
  run: ({ refusals }) => {
    const byCode = Map.groupBy(
      refusals.recent().filter(({ why }) => why in MEANINGS),
      ({ why, door }) => `${MEANINGS[why]?.code} ${door}`,
    );
    return Promise.resolve([...byCode.values()].flatMap(found));
  },
});

function found(refused: readonly RefusalCount[]): readonly Found[] {
  const last = refused.at(-1);
  const meaning = last && MEANINGS[last.why];
  if (last === undefined || meaning === undefined) return [];
  const count = refused.reduce((sum, each) => sum + each.count, 0);
  return [
    {
      ...meaning,
      ...(count >= OFTEN && { severity: 'warning' as const }),
      subject: last.door === 'calls' ? 'routes of models' : 'routes of management',
      cause: `${meaning.cause} ${count === 1 ? 'Once' : `${count} times`} in the last 15 minutes, last on ${last.operation}${last.detail === '' ? '' : ` (${last.detail})`}.`,
      evidence: { count, operation: last.operation, detail: last.detail, last: new Date(last.lastAtMs).toISOString() },
    },
  ];
}
