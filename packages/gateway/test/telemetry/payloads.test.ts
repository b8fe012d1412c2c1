import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import type { CaptureSettings } from '../../src/config/settings.ts';
import { createPayloadCapture, type CaptureParts, type PayloadCapture } from '../../src/telemetry/payloads/capture.ts';
import type { KeptPayloads } from '../../src/telemetry/payloads/kept-payloads.ts';
import { payloadFolder } from '../../src/telemetry/payloads/payload-folder.ts';
import { fanOut } from '../../src/telemetry/fan-out.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from '../support/test-gateway.ts';

/** No pattern knows it: only whoever presents it can tell that it is a credential. */
const PLAIN_KEY = '9f8e7d6c5b4a39281706f5e4d3c2b1a0';
const CANARY = 'sk-ant-api03-canary-of-the-payload-suite-77';
const CHAT = { model: 'openai/gpt-5', messages: [{ role: 'user', content: `my key is ${CANARY}` }] };
const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-5',
  choices: [{ index: 0, message: { role: 'assistant', content: `you sent ${PLAIN_KEY}` }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const ALL: CaptureSettings = { mode: 'all', bytesMax: 4096, days: 7 };

let folder = '';

const captureInto = (settings: CaptureSettings, parts: Partial<CaptureParts> = {}): PayloadCapture => {
  const made = createPayloadCapture({ settings, folder, onError: (error) => assert.fail(String(error)), ...parts });
  assert.ok(made);
  return made;
};

/** A call whose tap has heard these bodies of its client. */
const heard = (capture: PayloadCapture, requestId: string, asked: string, answered = '', changes = {}) => {
  const tap = capture.begin();
  assert.ok(tap);
  tap.asked(Buffer.from(asked));
  tap.answered(answered);
  return sampleCall({ requestId, tap, ...changes });
};

const only = (found: readonly KeptPayloads[]): KeptPayloads => {
  assert.equal(found.length, 1);
  return found[0] as KeptPayloads;
};

async function everyByte(): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(path.join(parentPath, name), 'latin1')));
  return texts.join('\n');
}

describe('kept payloads', () => {
  before(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'patchbay-payloads-')), 'payloads');
  });
  after(() => rm(path.dirname(folder), { recursive: true, force: true }));

  it('are off unless the operator wants them', () => {
    assert.equal(
      createPayloadCapture({
        settings: { ...ALL, mode: 'off' },
        folder,
        onError: (error) => assert.fail(String(error)),
      }),
      undefined,
    );
  });

  it('are none of a key that wants none, and all of one that asks for it where keys may', async () => {
    const strict = captureInto(ALL);
    assert.equal(strict.begin('off'), undefined);
    assert.ok(strict.begin('on'));
    await strict.close();
    const errors = captureInto({ ...ALL, mode: 'errors', byKeys: true });
    const calls = (['on', undefined] as const).map((asked) => {
      const tap = errors.begin(asked);
      assert.ok(tap);
      tap.asked(Buffer.from('{}'));
      return sampleCall({ requestId: `asked-${asked}`, tap, state: 'success', attempts: [] });
    });
    for (const call of calls) errors.record(call);
    await errors.close();
    const kept = payloadFolder(folder);
    assert.equal((await kept.read('asked-on', 5)).length, 1);
    assert.equal((await kept.read('asked-undefined', 5)).length, 0);
    const byKeys = captureInto({ ...ALL, mode: 'off', byKeys: true });
    assert.deepEqual([byKeys.begin(), byKeys.begin('off')], [undefined, undefined]);
    assert.ok(byKeys.begin('on'));
    await byKeys.close();
  });

  it('are the bodies of both sides, in files of their owner alone', async () => {
    const capture = captureInto(ALL);
    const call = heard(capture, 'both', '{"a":"ä"}', '{"b":1}', { startedAtMs: Date.UTC(2026, 10, 20, 23, 59) });
    const exchange = call.tap?.exchange(1, []);
    exchange?.sent('{"c":1}');
    exchange?.received(Buffer.from('{"d"'));
    exchange?.received(Buffer.from(':1}'));
    capture.record(call);
    await capture.close();
    const kept = only(await payloadFolder(folder).read('both', 5));
    assert.equal(kept.clientRequest.text, '{"a":"ä"}');
    assert.deepEqual(kept.clientResponse, { text: '{"b":1}', bytes: 7, truncated: false });
    const body = (text: string) => ({ text, bytes: text.length, truncated: false });
    assert.deepEqual(kept.exchanges, [
      { attempt: 1, provider: 'openai', account: 'openai-1', request: body('{"c":1}'), response: body('{"d":1}') },
    ]);
    const day = path.join(folder, '2026-11-20');
    const [bucket = ''] = await readdir(day);
    assert.equal((await stat(path.join(day, bucket))).mode & 0o777, 0o600);
    assert.equal((await stat(day)).mode & 0o777, 0o700);
  });

  it('are cut at the bound, and no half of a credential is left at the cut', async () => {
    const capture = captureInto({ ...ALL, bytesMax: 2048 });
    // The credential begins within what is kept and ends beyond what is held.
    const long = `${'x'.repeat(3000)} ${PLAIN_KEY}${'y'.repeat(9000)}`;
    const call = heard(capture, 'cut', long);
    call.tap?.exchange(1, [new Secret(`${PLAIN_KEY}${'y'.repeat(100)}`)]);
    capture.record(call);
    await capture.close();
    const { clientRequest } = only(await payloadFolder(folder).read('cut', 5));
    assert.equal(clientRequest.truncated, true);
    assert.equal(clientRequest.bytes, long.length);
    assert.equal(clientRequest.text, 'x'.repeat(2048));
  });

  it('have no text where the bytes are none', async () => {
    const capture = captureInto(ALL);
    const tap = capture.begin();
    assert.ok(tap);
    tap.asked(Buffer.from([0xff, 0xd8, 0xff, 0x00]));
    capture.record(sampleCall({ requestId: 'binary', tap }));
    await capture.close();
    const { clientRequest } = only(await payloadFolder(folder).read('binary', 5));
    assert.deepEqual(clientRequest, { bytes: 4, truncated: false });
  });

  it('are those of failed attempts where only errors are wanted', async () => {
    const capture = captureInto({ ...ALL, mode: 'errors' });
    capture.record(heard(capture, 'fine', '{}'));
    capture.record(heard(capture, 'failed', '{}', '', { state: 'failed', attempts: [] }));
    const attempts = [sampleAttempt({ state: 'failed' }), sampleAttempt({ number: 2 })];
    capture.record(heard(capture, 'made-good', '{}', '', { attempts }));
    await capture.close();
    const kept = payloadFolder(folder);
    const counts = ['fine', 'failed', 'made-good'].map(async (id) => (await kept.read(id, 5)).length);
    assert.deepEqual(await Promise.all(counts), [0, 1, 1]);
  });

  it('are dropped and counted where too much is held, and taken again after', async () => {
    const capture = captureInto(ALL, { heldMax: 100 });
    const first = heard(capture, 'room', 'x'.repeat(80));
    const second = heard(capture, 'no-room', 'y'.repeat(80));
    capture.record(second);
    assert.equal(capture.dropped, 1);
    capture.record(first);
    await capture.flush();
    capture.record(heard(capture, 'room-again', 'z'.repeat(80)));
    await capture.close();
    assert.equal(capture.dropped, 1);
    const kept = payloadFolder(folder);
    const counts = ['room', 'no-room', 'room-again'].map(async (id) => (await kept.read(id, 5)).length);
    assert.deepEqual(await Promise.all(counts), [1, 0, 1]);
  });

  it('that cannot be written are counted and told once', async () => {
    const blocked = `${folder}-blocked`;
    await writeFile(blocked, 'a file in the place of the folder');
    const told: unknown[] = [];
    const capture = captureInto(ALL, { folder: blocked, onError: (error) => told.push(error) });
    capture.record(heard(capture, 'a', '{}'));
    capture.record(heard(capture, 'b', '{}'));
    await capture.close();
    assert.equal(capture.dropped, 2);
    assert.equal(told.length, 1);
    assert.match(String(told[0]), /cannot be kept in/);
  });

  it('go by whole days', async () => {
    const own = `${folder}-of-days`;
    for (const day of ['2026-01-01', '2026-01-02', '2026-01-03']) await mkdir(path.join(own, day), { recursive: true });
    assert.equal(await payloadFolder(own).removeBefore(Date.UTC(2026, 0, 3)), 2);
    assert.deepEqual(await readdir(own), ['2026-01-03']);
    assert.equal(await payloadFolder(path.join(folder, 'nowhere')).removeBefore(0), 0);
  });

  it('of a line that was cut short spoil no other', async () => {
    const capture = captureInto(ALL);
    const atMs = Date.UTC(2026, 10, 18);
    capture.record(heard(capture, 'torn', '{"n":1}', '', { startedAtMs: atMs }));
    await capture.flush();
    const day = path.join(folder, '2026-11-18');
    const [bucket = ''] = await readdir(day);
    const whole = await readFile(path.join(day, bucket), 'utf8');
    await writeFile(path.join(day, bucket), `${whole}${whole.trim().slice(0, -20)}`);
    capture.record(heard(capture, 'torn', '{"n":2}', '', { startedAtMs: atMs }));
    await capture.close();
    const texts = (await payloadFolder(folder).read('torn', 5)).map(({ clientRequest }) => clientRequest.text);
    assert.deepEqual(texts, ['{"n":2}', '{"n":1}']);
  });

  describe('of a gateway', () => {
    let upstream: ScriptedUpstream;
    let gateway: TestGateway;
    let capture: PayloadCapture;

    before(async () => {
      upstream = await startUpstream((request, response) => {
        if (request.path.endsWith('/embeddings'))
          return sendJson(response, 200, { data: [], usage: {}, key: PLAIN_KEY });
        return sendJson(response, 200, ANSWER);
      });
      capture = captureInto(ALL);
      const sink = fanOut([capture], (error) => assert.fail(String(error)));
      gateway = await startGateway([provider('openai', `${upstream.url}/v1`, PLAIN_KEY)], {}, { capture, sink });
    });
    after(async () => {
      await gateway.close();
      await upstream.close();
      await capture.close();
    });

    const keptOf = async (requestId: string): Promise<KeptPayloads> => {
      await capture.flush();
      return only(await payloadFolder(folder).read(requestId, 5));
    };

    it('show a chat as all saw it, and no credential', async () => {
      const answer = await post(gateway, '/v1/chat/completions', CHAT, { 'x-request-id': 'canary-chat' });
      assert.equal(answer.status, 200);
      await answer.text();
      const kept = await keptOf('canary-chat');
      assert.match(kept.clientRequest.text ?? '', /"model":"openai\/gpt-5".*my key is \[secret\]/);
      assert.match(kept.exchanges[0]?.request.text ?? '', /"model":"gpt-5".*my key is \[secret\]/);
      assert.match(kept.exchanges[0]?.response.text ?? '', /you sent \[secret\]/);
      assert.match(kept.clientResponse.text ?? '', /you sent \[secret\]/);
      const shown = JSON.stringify(kept);
      for (const secret of [CANARY, PLAIN_KEY]) {
        assert.ok(!shown.includes(secret), `${secret} is shown`);
        assert.ok(!(await everyByte()).includes(secret), `${secret} lies on the disk`);
      }
    });

    it('show a translated call in both dialects', async () => {
      const messages = { model: 'openai/gpt-5', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] };
      const answer = await post(gateway, '/v1/messages', messages, { 'x-request-id': 'translated' });
      await answer.text();
      const kept = await keptOf('translated');
      assert.match(kept.clientResponse.text ?? '', /"type":"message"/);
      assert.match(kept.exchanges[0]?.response.text ?? '', /"object":"chat.completion"/);
    });

    it('show endpoints besides chats', async () => {
      const body = { model: 'openai/embed', input: 'text' };
      const answer = await post(gateway, '/v1/embeddings', body, { 'x-request-id': 'vectors' });
      await answer.text();
      const kept = await keptOf('vectors');
      assert.match(kept.clientRequest.text ?? '', /openai\/embed/);
      assert.match(kept.exchanges[0]?.request.text ?? '', /"embed"/);
      assert.ok(!JSON.stringify(kept).includes(PLAIN_KEY));
    });

    it('show requests that reached no provider', async () => {
      const answer = await post(gateway, '/v1/chat/completions', '{', { 'x-request-id': 'broken' });
      assert.equal(answer.status, 400);
      await answer.text();
      const kept = await keptOf('broken');
      assert.equal(kept.clientRequest.text, '{');
      assert.match(kept.clientResponse.text ?? '', /error/);
      assert.deepEqual(kept.exchanges, []);
    });
  });
});
