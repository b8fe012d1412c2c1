/** Signs an account in with a browser, and presents tokens that are renewed by themselves. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { newMemoryTokenStorage, newOAuthAuthenticator } from '@patchbay/llm';

// Stands in for the provider's token endpoint.
const server = createServer((_, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ access_token: 'access-1', refresh_token: 'r', token_type: 'Bearer', expires_in: 3600 }),
  );
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const authenticator = newOAuthAuthenticator('gemini', newMemoryTokenStorage(), {
  clientId: 'your-client-id.apps.googleusercontent.com',
  clientSecret: 'your-client-secret',
  authUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
  redirectUrl: 'http://localhost:8080/callback',
});
const address = new URL(await authenticator.startOAuthFlow(['https://www.googleapis.com/auth/cloud-platform']));
console.log(address.origin, address.searchParams.get('code_challenge_method')); // → https://accounts.google.com S256

// The browser comes back with a code and the state that was sent.
await authenticator.handleCallback('code-of-the-browser', address.searchParams.get('state') ?? '');
console.log(await authenticator.isAuthenticated(), await authenticator.getToken()); // → true access-1
server.close();
