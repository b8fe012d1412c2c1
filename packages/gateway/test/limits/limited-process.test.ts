import assert from 'node:assert/strict';
import { it } from 'node:test';

import { PROCESS_KEY, startProcess } from '../support/gateway-process.ts';

it('holds every key to the limits that the operator sets, and counts whom they refuse', async () => {
  const gateway = await startProcess({ LIMITS: 'key=requests_per_minute:1' });
  try {
    const call = (): Promise<Response> =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${PROCESS_KEY}` },
        body: JSON.stringify({ model: 'simulator/echo', messages: [{ role: 'user', content: 'hi' }] }),
      });
    assert.equal((await call()).status, 200);
    const refused = await call();
    assert.equal(refused.status, 429);
    assert.match(await refused.text(), /The limit of this key is 1 requests a minute/);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    assert.match(metrics, /^patchbay_limit_refusals_total\{limit="key requests a minute"\} 1$/m);
    assert.match(metrics, /^aigateway_requests_total\{provider="simulator",status="200"\} 1$/m);
  } finally {
    await gateway.stop();
    await gateway.remove();
  }
});
