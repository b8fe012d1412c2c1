import { systemClock } from '../model/clock.ts';
import { numberOf, objectOf, parseJson, textOf } from '../wire/read.ts';
import { newHttpClient, type HttpClientConfig } from './http.ts';
import { ProviderError } from './provider-error.ts';

/** What an authorization server says of a token. */
export interface TokenValidation {
  readonly valid: boolean;
  readonly expiresAt?: Date;
  readonly scopes: readonly string[];
  /** Whose it is, as far as its scopes tell. */
  readonly userInfo: { readonly id?: string; readonly email?: string };
}

/** Where tokens are looked at. */
export interface TokenValidationOptions extends HttpClientConfig {
  /** Default: Google's own address. */
  readonly tokenInfoUrl?: string;
  readonly signal?: AbortSignal;
}

const TOKEN_INFO_URL = 'https://oauth2.googleapis.com/tokeninfo';

/** Asks Google whether it takes an access token, for what, and how long. Throws `ProviderError` where nobody answers. */
export async function validateGoogleToken(
  accessToken: string,
  { tokenInfoUrl = TOKEN_INFO_URL, signal, ...http }: TokenValidationOptions = {},
): Promise<TokenValidation> {
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  // In the body: addresses are written into logs on the way.
  const body = new URLSearchParams({ access_token: accessToken }).toString();
  const answer = await newHttpClient(http).send({ method: 'POST', url: tokenInfoUrl, headers, body }, signal);
  if (answer.status >= 500 || answer.status === 429) throw unanswered(answer.status);
  const read = objectOf(parseJson(answer.text)) ?? {};
  const [livesS, endsS] = [secondsOf(read['expires_in']), secondsOf(read['exp'])];
  const nowMs = (http.clock ?? systemClock).nowMs();
  const endsMs = endsS === undefined ? livesS && nowMs + livesS * 1000 : endsS * 1000;
  const [id, email] = [textOf(read['sub']), textOf(read['email'])];
  return {
    valid: answer.status < 400 && (endsMs === undefined || endsMs > nowMs),
    ...(endsMs !== undefined && { expiresAt: new Date(endsMs) }),
    scopes: (textOf(read['scope']) ?? '').split(' ').filter((each) => each !== ''),
    userInfo: { ...(id !== undefined && { id }), ...(email !== undefined && { email }) },
  };
}

/** Google writes numbers as text here. */
const secondsOf = (value: unknown): number | undefined => numberOf(typeof value === 'string' ? Number(value) : value);

const unanswered = (statusCode: number): ProviderError =>
  new ProviderError({
    code: statusCode === 429 ? 'rate_limit' : 'server_error',
    message: `gemini: tokens could not be looked at: ${statusCode}.`,
    provider: 'gemini',
    operation: 'validateToken',
    statusCode,
  });
