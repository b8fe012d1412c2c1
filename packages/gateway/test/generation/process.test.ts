import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { DOT, sendChat, writeOutline } from './deck-gateway.ts';

/** Runs a command of the guide as it stands there, but for the port. */
async function shell(command: string, { url }: Pick<GatewayProcess, 'url'>): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-c', command.replaceAll('http://localhost:8000', url)]);
  return stdout;
}

describe('the commands of the guide, on a gateway as its users start it', () => {
  let openrouter: ScriptedUpstream;
  let together: ScriptedUpstream;
  let gateway: GatewayProcess;

  before(async () => {
    openrouter = await startUpstream((request, response) => sendChat(request, response, writeOutline(request)));
    together = await startUpstream((_, response) =>
      sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] }),
    );
    gateway = await startProcess({
      AUTH_MODE: 'open-loopback',
      OPENROUTER_API_KEY: 'sk-or-canary',
      OPENROUTER_BASE_URL: `${openrouter.url}/api/v1`,
      TOGETHER_API_KEY: 'together-canary',
      TOGETHER_BASE_URL: `${together.url}/v1`,
    });
  });
  after(async () => {
    await gateway.stop();
    await gateway.remove();
    await openrouter.close();
    await together.close();
  });

  it('tell its health', async () => {
    assert.equal(
      await shell('curl -s http://localhost:8000/v1/health', gateway),
      '{"status":"healthy","version":"1.0.0"}',
    );
  });

  it('make an outline with a trace', async () => {
    const out = await shell(
      `curl -s -D - -H "X-Trace-Enabled: true" http://localhost:8000/v1/generate/outline \\
  -H "Content-Type: application/json" \\
  -d '{"topic": "AI Ethics", "n_slides": 5}'`,
      gateway,
    );
    const [head = '', body = ''] = out.split('\r\n\r\n');
    assert.match(head, /^HTTP\/1.1 200/);
    assert.match(head, /x-trace-id: [0-9a-f]{32}/);
    const { outlines } = JSON.parse(body) as { outlines: readonly unknown[] };
    assert.equal(outlines.length, 5);
    assert.ok(outlines.every((title) => typeof title === 'string'));
  });

  it('tell the last prompt and clear what was made', async () => {
    const prompt = JSON.parse(
      await shell('curl -s http://localhost:8000/v1/debug/last-prompt?endpoint=outline', gateway),
    ) as {
      messages: readonly { content: string }[];
    };
    assert.ok(prompt.messages.some(({ content }) => content.includes('AI Ethics')));
    const cleared = await shell('curl -s -X POST http://localhost:8000/v1/debug/clear-cache?endpoint=outline', gateway);
    assert.deepEqual(JSON.parse(cleared), { cleared: 1, endpoint: 'outline' });
  });

  it('draw a picture that everybody can see', async () => {
    const out = await shell(
      `curl -s http://localhost:8000/v1/generate/images -H "Content-Type: application/json" -d '{"slides":[{"title":"A","content":"b"}]}'`,
      gateway,
    );
    const { slides } = JSON.parse(out) as { slides: readonly { image_url: string; image_status: string }[] };
    assert.equal(slides[0]?.image_status, 'generated', out);
    const picture = await fetch(slides[0]?.image_url ?? '');
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.deepEqual(Buffer.from(await picture.arrayBuffer()), DOT);
  });
});
