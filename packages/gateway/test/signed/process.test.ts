import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { isSignedBy } from '../support/verify-sigv4.ts';
import { startTokenSeller, type TokenSeller } from '../support/token-seller.ts';

const AMAZON = {
  accessKeyId: 'AKIACANARY',
  secretAccessKey: 'canary-secret-91ab',
  sessionToken: 'canary-session-55e1',
};
const SECRET = /canary-(?:secret|session|token)/;

let upstream: ScriptedUpstream;
let seller: TokenSeller;
let gateway: GatewayProcess;

before(async () => {
  seller = await startTokenSeller('https://www.googleapis.com/auth/cloud-platform');
  upstream = await startUpstream(() => undefined);
  gateway = await startProcess({
    AWS_REGION: 'eu-west-3',
    AWS_ACCESS_KEY_ID: AMAZON.accessKeyId,
    AWS_SECRET_ACCESS_KEY: AMAZON.secretAccessKey,
    AWS_SESSION_TOKEN: AMAZON.sessionToken,
    BEDROCK_BASE_URL: upstream.url,
    VERTEX_SERVICE_ACCOUNT: seller.keyFile,
    VERTEX_BASE_URL: `${upstream.url}/v1/projects/mine/locations/global`,
    EGRESS_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'debug',
  });
});
after(async () => {
  if (gateway.child.exitCode === null) await gateway.stop();
  await gateway.remove();
  await upstream.close();
  await seller.close();
});

const ask = async (model: string, stream: boolean): Promise<string> => {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${PROCESS_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hi' }] }),
  });
  return `${JSON.stringify([...response.headers])}${await response.text()}`;
};

it('signs as its environment says, and shows nothing of it in answers, logs or metrics', async () => {
  const signed: boolean[] = [];
  upstream.answer = async (seen, response) => {
    const isAmazon = seen.path.startsWith('/model/');
    signed.push(isAmazon ? await isSignedBy(AMAZON, 'eu-west-3', seen) : seller.sold.length > 0);
    const said = JSON.stringify(seen.headers);
    const message = isAmazon ? `You sent ${said} with ${AMAZON.secretAccessKey}.` : `You sent ${said}.`;
    sendJson(response, 400, isAmazon ? { message } : { error: { code: 400, message, status: 'INVALID_ARGUMENT' } });
  };
  const shown: string[] = [];
  for (const model of ['bedrock/a', 'vertex/gemini-2.5-flash', 'vertex/claude-sonnet-4-5'])
    for (const stream of [false, true]) shown.push(await ask(model, stream));
  assert.deepEqual(signed, [true, true, true, true, true, true]);
  for (const text of shown) assert.match(text, /\[secret\]/);
  shown.push(await (await fetch(`${gateway.url}/metrics`)).text());
  assert.equal(await gateway.stop(), 0);
  shown.push(gateway.output());
  for (const text of shown) assert.doesNotMatch(text, SECRET);
});

it('does not start with half of an account, and names the other half', async () => {
  await assert.rejects(startProcess({ AWS_ACCESS_KEY_ID: AMAZON.accessKeyId }), (error: Error) => {
    assert.match(error.message, /AWS_SECRET_ACCESS_KEY is needed with AWS_ACCESS_KEY_ID for Amazon Bedrock/);
    return true;
  });
});
