import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { createPayloadCapture } from '../../src/telemetry/payloads/capture.ts';
import { PAYLOADS_FOLDER } from '../../src/telemetry/payloads/payload-folder.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { sampleCall } from '../support/sample-call.ts';
import { startManagement, type ManagementGateway } from './management-gateway.ts';

const PATH = 'GET /api/v1/logs/of-the-suite/payloads';

describe('the bodies of a request', () => {
  let opened: TestStore;
  let management: ManagementGateway;

  before(async () => {
    const [engine] = ENGINES;
    assert.ok(engine);
    opened = await engine.make();
    management = await startManagement(opened.store);
    const capture = createPayloadCapture({
      settings: { mode: 'all', bytesMax: 1024, days: 7 },
      folder: path.join(management.dataDir, PAYLOADS_FOLDER),
      onError: (error) => assert.fail(String(error)),
    });
    assert.ok(capture);
    const tap = capture.begin();
    assert.ok(tap);
    tap.asked(Buffer.from('{"question":1}'));
    tap.answered('{"answer":2}');
    tap.exchange(1, []).sent('{"question":1}');
    capture.record(sampleCall({ requestId: 'of-the-suite', tap }));
    await capture.close();
  });
  after(async () => {
    await management.close();
    await opened.close();
  });

  it('are shown to administrators, and that is audited', async () => {
    const token = await management.signIn('admin');
    const { status, json } = await management.ask(PATH, { token });
    assert.equal(status, 200);
    assert.equal(json.request_id, 'of-the-suite');
    const [payload] = json.payloads;
    assert.deepEqual(payload.client_request, { text: '{"question":1}', bytes: 14, truncated: false });
    assert.equal(payload.client_response.text, '{"answer":2}');
    assert.equal(payload.attempts[0].account_id, 'openai-1');
    const { items } = await opened.store.rows.audit.page({ limit: 100 });
    assert.ok(items.some(({ action }) => action === 'requestLogs.payloads'));
  });

  it('are shown to nobody else', async () => {
    for (const role of ['developer', 'user', 'provider', 'viewer'])
      assert.equal((await management.ask(PATH, { token: await management.signIn(role) })).status, 403, role);
    assert.equal((await management.ask(PATH)).status, 401);
  });

  it('of which nothing is kept are a 404 that says how to keep them', async () => {
    const token = await management.signIn('admin');
    const { status, text } = await management.ask('GET /api/v1/logs/unknown/payloads', { token });
    assert.equal(status, 404);
    assert.match(text, /CAPTURE_PAYLOADS=errors/);
  });
});
