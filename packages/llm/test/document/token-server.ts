import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one request meets in the place of a token. */
export type Answer =
  | { readonly status: number; readonly body: string | object }
  /** The connection breaks. */
  | 'reset'
  /** No answer ever comes. */
  | 'silence';

/** What one request said. */
export interface Told {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly userAgent: string;
}

const REFUSED = (error: string, status = 400): Answer => ({
  status,
  body: { error, error_description: `says ${error}` },
});

/** An authorization server on a free port: it checks PKCE and clients, sells each refresh token once, and counts. */
export class TokenServer {
  url = '';
  readonly told: Told[] = [];
  /** Meet the next requests to the token endpoint, in turn. */
  readonly answers: Answer[] = [];
  /** How long tokens live, in seconds; absent where the server does not say. */
  livesS: number | undefined = 3600;
  /** Scopes by challenge of sign-ins that somebody agreed to, by code. */
  readonly #codes = new Map<string, string>();
  readonly #refreshTokens = new Set<string>();
  #sold = 0;
  readonly #server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(text));
      const path = request.url ?? '/';
      this.told.push({ path, form, userAgent: request.headers['user-agent'] ?? '' });
      const answer = (path === '/token' ? this.answers.shift() : undefined) ?? this.#answer(path, form);
      if (answer === 'reset') request.socket.destroy();
      else if (answer !== 'silence') send(response, answer);
    });
  });

  static async start(): Promise<TokenServer> {
    const made = new TokenServer();
    made.#server.listen(0, '127.0.0.1');
    await once(made.#server, 'listening');
    made.url = `http://127.0.0.1:${(made.#server.address() as AddressInfo).port}`;
    return made;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Requests of one grant that came so far. */
  asked(grant: string): number {
    return this.told.filter(({ form }) => form['grant_type'] === grant).length;
  }

  /** Plays the user who agrees: what the browser comes back with. */
  agree(authorizationUrl: string): { readonly code: string; readonly state: string; readonly asked: URLSearchParams } {
    const asked = new URL(authorizationUrl).searchParams;
    const code = `code-${this.#codes.size + 1}`;
    this.#codes.set(code, asked.get('code_challenge') ?? '');
    return { code, state: asked.get('state') ?? '', asked };
  }

  /** A refresh token that may be used once. */
  sellRefreshToken(): string {
    this.#sold += 1;
    const token = `refresh-of-tests-${this.#sold}`;
    this.#refreshTokens.add(token);
    return token;
  }

  #answer(path: string, form: Readonly<Record<string, string>>): Answer {
    if (form['client_id'] !== 'client') return REFUSED('invalid_client', 401);
    if (path === '/revoke') return { status: 200, body: {} };
    if (path === '/device') return { status: 200, body: this.#device() };
    const grants: Readonly<Record<string, () => boolean>> = {
      authorization_code: () => this.#takesCode(form),
      refresh_token: () => this.#refreshTokens.delete(form['refresh_token'] ?? ''),
      'urn:ietf:params:oauth:grant-type:device_code': () => form['device_code'] === 'device-code-of-tests',
    };
    return grants[form['grant_type'] ?? '']?.() === true ? this.#sell() : REFUSED('invalid_grant');
  }

  #takesCode(form: Readonly<Record<string, string>>): boolean {
    const challenge = this.#codes.get(form['code'] ?? '');
    this.#codes.delete(form['code'] ?? '');
    if (challenge === '') return form['code_verifier'] === undefined;
    return (
      createHash('sha256')
        .update(form['code_verifier'] ?? '')
        .digest('base64url') === challenge
    );
  }

  #sell(): Answer {
    const refresh = this.sellRefreshToken();
    return {
      status: 200,
      body: {
        access_token: `access-of-tests-${this.#sold}`,
        refresh_token: refresh,
        token_type: 'Bearer',
        ...(this.livesS !== undefined && { expires_in: this.livesS }),
      },
    };
  }

  #device(): object {
    return {
      device_code: 'device-code-of-tests',
      user_code: 'ABCD-EFGH',
      verification_uri: `${this.url}/activate`,
      expires_in: 600,
      interval: 5,
    };
  }
}

function send(response: ServerResponse, { status, body }: Exclude<Answer, string>): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
