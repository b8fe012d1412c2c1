import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';

/** A token endpoint as Google's: sells a token for an assertion that is signed with the key of its own account. */
export interface TokenSeller {
  /** Text of the account's key file. */
  readonly keyFile: string;
  /** Tokens sold so far, in order. */
  readonly sold: string[];
  /** How long the next tokens live, in seconds. */
  livesS: number;
  close(): Promise<void>;
}

const EMAIL = 'gateway@canary.iam.gserviceaccount.com';

/** Starts one on a free port of the loopback address. */
export async function startTokenSeller(scope: string): Promise<TokenSeller> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const sold: string[] = [];
  const isGenuine = async (request: IncomingMessage, audience: string): Promise<boolean> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const form = new URLSearchParams(text);
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return false;
    const options = { algorithms: ['RS256'], issuer: EMAIL, audience };
    const { payload } = await jwtVerify(form.get('assertion') ?? '', publicKey, options);
    return payload['scope'] === scope;
  };
  const server = createServer((request, response) => {
    void isGenuine(request, uri)
      .catch(() => false)
      .then((genuine) => {
        const token = `canary-token-${sold.length + 1}`;
        if (genuine) sold.push(token);
        const answer = { access_token: token, expires_in: seller.livesS, token_type: 'Bearer' };
        response.writeHead(genuine ? 200 : 400, { 'content-type': 'application/json' });
        response.end(JSON.stringify(genuine ? answer : { error: 'invalid_grant' }));
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  const file = { client_email: EMAIL, private_key: await exportPKCS8(privateKey), token_uri: uri };
  const seller: TokenSeller = {
    keyFile: JSON.stringify(file),
    sold,
    livesS: 3600,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return seller;
}
