import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';

import { sendChat } from '../generation/deck-gateway.ts';
import { askOf } from '../management/management-gateway.ts';
import { PROCESS_KEY, startProcess } from '../support/gateway-process.ts';
import { startUpstream } from '../support/scripted-upstream.ts';

it('a gateway calls the providers of a file that the library reads, too', { timeout: 60_000 }, async () => {
  const upstream = await startUpstream((request, response) => sendChat(request, response, 'Hello.'));
  const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  const file = `
providers:
  openai:
    enabled: true
    api_key: \${KEY_OF_THE_SUITE}
    base_url: ${upstream.url}/v1
    model: gpt-4
    timeout: 30
    max_retries: 3
`;
  await writeFile(path.join(folder, 'config.yaml'), file);
  const gateway = await startProcess({ KEY_OF_THE_SUITE: 'canary-key-of-the-file' }, folder);
  try {
    const body = { provider: 'openai', model: 'gpt-4', prompt: 'Hi' };
    const { status, json } = await askOf(gateway.url, 'POST /api/generate', { token: PROCESS_KEY, body });
    assert.deepEqual([status, json.data?.content], [200, 'Hello.']);
    assert.equal(upstream.seen.at(-1)?.headers.authorization, 'Bearer canary-key-of-the-file');
    assert.doesNotMatch(gateway.output(), /canary-key-of-the-file/);
  } finally {
    await gateway.stop();
    await gateway.remove();
    await upstream.close();
  }
});
