import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one request to the server held. */
export interface Asked {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly type: string;
}

/** A pair as the token endpoint gives it. */
export interface Sold {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly token_type: string;
  readonly scope: string;
}

/** What the next requests to the token endpoint meet instead of an answer. */
export type Fault = { readonly status: number; readonly body: string } | 'reset' | 'lost-answer';

interface Grant {
  readonly redirectUri: string;
  readonly challenge: string;
}

interface Device {
  readonly userCode: string;
  readonly challenge: string;
  state: 'pending' | 'approved' | 'denied';
  askedAtMs: number;
}

const CLIENT = { clientId: 'canary-client', clientSecret: 'canary-client-secret-of-tests' };
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * A strict authorization server on a free port of the loopback address: it checks PKCE and exact addresses, takes each code
 * once, exchanges each refresh token once, and ends the whole family when one comes a second time.
 */
export class AuthorizationServer {
  readonly clientId: string = CLIENT.clientId;
  readonly clientSecret: string = CLIENT.clientSecret;
  url = '';
  readonly seen: Asked[] = [];
  readonly faults: Fault[] = [];
  /** How long the next tokens live, in seconds. */
  livesS = 3600;
  /** How long an answer takes, in milliseconds. */
  answersAfterMs = 0;
  /** What the user says on its page; `undecided` leaves the page open. */
  consent: 'given' | 'denied' | 'undecided' = 'given';
  /** Whether an exchanged refresh token is replaced. */
  rotates = true;
  /** Runs when an answer has been written to a refresh. */
  onRefreshed: (form: Readonly<Record<string, string>>) => void = () => undefined;
  /** Refresh tokens that came a second time. */
  reuses = 0;
  refreshes = 0;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #grants = new Map<string, Grant>();
  readonly #devices = new Map<string, Device>();
  /** Family by refresh token. */
  readonly #live = new Map<string, string>();
  readonly #spent = new Map<string, string>();
  readonly #good = new Map<string, string>();

  static async start(): Promise<AuthorizationServer> {
    const started = new AuthorizationServer();
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    started.url = `http://127.0.0.1:${(started.#server.address() as AddressInfo).port}`;
    return started;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** A pair of a new family, as somebody who signed in before has it. */
  sell(family = randomBytes(8).toString('hex')): Sold {
    const access = `canary-access-${randomBytes(12).toString('hex')}`;
    const refresh = `canary-refresh-${randomBytes(12).toString('hex')}`;
    this.#good.set(access, family);
    this.#live.set(refresh, family);
    return {
      access_token: access,
      refresh_token: refresh,
      expires_in: this.livesS,
      token_type: 'Bearer',
      scope: 'all',
    };
  }

  /** Whether a provider would take this token. */
  takes(accessToken: string): boolean {
    return this.#good.has(accessToken);
  }

  /** Withdraws an access token before its end. */
  withdraw(accessToken: string): void {
    this.#good.delete(accessToken);
  }

  /** Ends a family, as when a user changes the password. */
  kill(refreshToken: string): void {
    this.#end(this.#live.get(refreshToken));
  }

  /** Plays the user who agrees: opens the address in a browser, which is sent back to the address that it resolves to. */
  async agree(authorizationUrl: string): Promise<string> {
    const answer = await fetch(authorizationUrl, { redirect: 'manual' });
    const back = answer.headers.get('location');
    if (back === null) throw new Error(`The browser was not sent back: ${answer.status} ${await answer.text()}`);
    return back;
  }

  /** Plays the user who types in a code elsewhere. */
  answerDevice(userCode: string, state: 'approved' | 'denied'): void {
    for (const device of this.#devices.values()) if (device.userCode === userCode) device.state = state;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const type = request.headers['content-type'] ?? '';
    const form = type.includes('json')
      ? (JSON.parse(text) as Record<string, string>)
      : Object.fromEntries(new URLSearchParams(text));
    this.seen.push({ path: url.pathname, form, type });
    if (url.pathname === '/authorize') return this.#authorize(url, response);
    if (url.pathname === '/.well-known/openid-configuration') return send(response, 200, this.#discovery());
    const fault = url.pathname === '/token' ? this.faults.shift() : undefined;
    if (fault === 'reset') return void request.socket.destroy();
    if (typeof fault === 'object') return void response.writeHead(fault.status, JSON_TYPE).end(fault.body);
    if (this.answersAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, this.answersAfterMs));
    const { status, body } = this.#answer(url.pathname, form);
    if (fault === 'lost-answer') return void request.socket.destroy();
    send(response, status, body);
    if (form['grant_type'] === 'refresh_token' && status === 200) this.onRefreshed(form);
  }

  #authorize({ searchParams: asked }: URL, response: ServerResponse): void {
    const isWhole = asked.get('code_challenge_method') === 'S256' && asked.get('response_type') === 'code';
    if (!isWhole || asked.get('client_id') !== this.clientId) return send(response, 400, { error: 'invalid_request' });
    if (this.consent === 'undecided') return void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    if (this.consent === 'denied') {
      const back = new URL(asked.get('redirect_uri') ?? '');
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('state', asked.get('state') ?? '');
      return void response.writeHead(302, { location: back.href }).end();
    }
    const code = `canary-code-${randomBytes(12).toString('hex')}`;
    const redirectUri = asked.get('redirect_uri') ?? '';
    this.#grants.set(code, { redirectUri, challenge: asked.get('code_challenge') ?? '' });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    back.searchParams.set('iss', this.url);
    response.writeHead(302, { location: back.href }).end();
  }

  #answer(path: string, form: Readonly<Record<string, string>>): { readonly status: number; readonly body: object } {
    if (form['client_id'] !== this.clientId || (form['client_secret'] ?? this.clientSecret) !== this.clientSecret)
      return no('invalid_client', 401);
    if (path === '/device') return this.#startDevice(form);
    if (path === '/revoke') {
      this.#end(this.#live.get(form['token'] ?? '') ?? this.#good.get(form['token'] ?? ''));
      return { status: 200, body: {} };
    }
    const grants: Readonly<Record<string, () => ReturnType<AuthorizationServer['token']>>> = {
      authorization_code: () => this.#exchange(form),
      refresh_token: () => this.token(form['refresh_token'] ?? ''),
      client_credentials: () => ({ status: 200, body: { ...this.sell(), refresh_token: undefined } }),
      [DEVICE_GRANT]: () => this.#pollDevice(form),
    };
    return grants[form['grant_type'] ?? '']?.() ?? no('unsupported_grant_type');
  }

  #exchange(form: Readonly<Record<string, string>>): ReturnType<AuthorizationServer['token']> {
    const code = form['code'] ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    if (grant === undefined || grant.redirectUri !== form['redirect_uri']) return no('invalid_grant');
    return proves(form['code_verifier'], grant.challenge) ? { status: 200, body: this.sell() } : no('invalid_grant');
  }

  /** Answers a refresh. */
  private token(refreshToken: string): { readonly status: number; readonly body: object } {
    const reused = this.#spent.get(refreshToken);
    if (reused !== undefined) {
      this.reuses += 1;
      this.#end(reused);
      return no('invalid_grant');
    }
    const family = this.#live.get(refreshToken);
    if (family === undefined) return no('invalid_grant');
    this.refreshes += 1;
    const sold = this.sell(family);
    if (!this.rotates) {
      this.#live.delete(sold.refresh_token);
      return { status: 200, body: { ...sold, refresh_token: undefined } };
    }
    this.#live.delete(refreshToken);
    this.#spent.set(refreshToken, family);
    return { status: 200, body: sold };
  }

  #startDevice(form: Readonly<Record<string, string>>): ReturnType<AuthorizationServer['token']> {
    const code = `canary-device-${randomBytes(12).toString('hex')}`;
    const userCode = randomBytes(4).toString('hex').toUpperCase();
    this.#devices.set(code, { userCode, challenge: form['code_challenge'] ?? '', state: 'pending', askedAtMs: 0 });
    const body = {
      device_code: code,
      user_code: userCode,
      verification_uri: `${this.url}/activate`,
      expires_in: 600,
      interval: 1,
    };
    return { status: 200, body };
  }

  #pollDevice(form: Readonly<Record<string, string>>): ReturnType<AuthorizationServer['token']> {
    const device = this.#devices.get(form['device_code'] ?? '');
    if (device === undefined || !proves(form['code_verifier'], device.challenge)) return no('invalid_grant');
    const isEarly = Date.now() - device.askedAtMs < 900;
    device.askedAtMs = Date.now();
    if (isEarly) return no('slow_down');
    if (device.state === 'pending') return no('authorization_pending');
    this.#devices.delete(form['device_code'] ?? '');
    return device.state === 'denied' ? no('access_denied') : { status: 200, body: this.sell() };
  }

  #end(family: string | undefined): void {
    for (const tokens of [this.#live, this.#good])
      for (const [token, each] of tokens) if (each === family) tokens.delete(token);
  }

  #discovery(): object {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      device_authorization_endpoint: `${this.url}/device`,
      revocation_endpoint: `${this.url}/revoke`,
    };
  }
}

const PAGE = '<!doctype html><title>May it?</title><p>May it?</p>';
const JSON_TYPE = { 'content-type': 'application/json' };

const send = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, JSON_TYPE).end(JSON.stringify(body));

const no = (error: string, status = 400): { readonly status: number; readonly body: object } => ({
  status,
  body: { error, error_description: `The server says ${error}` },
});

const proves = (verifier: string | undefined, challenge: string): boolean =>
  verifier !== undefined && createHash('sha256').update(verifier).digest('base64url') === challenge;
