import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { systemClock } from '@patchbay/llm/model/clock';
import { fetchExchange } from '@patchbay/llm/transport/fetch-exchange';

import { logWriters } from '../../src/diagnosis/checks/log-writers.ts';
import { examine } from '../../src/diagnosis/examine.ts';
import { RecorderWatch, type Recorder } from '../../src/diagnosis/watch/recorder-watch.ts';
import { createPayloadCapture, type PayloadCapture } from '../../src/telemetry/payloads/capture.ts';
import { createSpanExporter } from '../../src/telemetry/tracing/span-exporter.ts';
import { sampleCall } from '../support/sample-call.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { closedPort } from './doctor-gateway.ts';

/** What the doctor finds of one thing that writes down, from now on. */
function watched(recorder: Recorder): () => Promise<readonly Finding[]> {
  const recorders = new RecorderWatch(systemClock, [recorder]);
  return async () =>
    (await examine({ checks: [logWriters], ports: { clock: systemClock, recorders }, clock: systemClock })).findings;
}

describe('bodies of calls', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  });
  after(() => rm(folder, { recursive: true }));
  const captureInto = (place: string, heldMax?: number): PayloadCapture => {
    const settings = { mode: 'all', bytesMax: 4096, days: 7 } as const;
    const held = heldMax === undefined ? {} : { heldMax };
    const made = createPayloadCapture({ settings, folder: place, onError: () => undefined, ...held });
    assert.ok(made);
    return made;
  };
  const keep = async (capture: PayloadCapture, text: string): Promise<void> => {
    const tap = capture.begin();
    assert.ok(tap);
    tap.asked(Buffer.from(text));
    capture.record(sampleCall({ tap }));
    await capture.flush();
  };

  for (const [why, place, heldMax] of [
    ['their folder cannot be made', 'a-file/payloads', undefined],
    ['more is under way than is held', 'payloads', 1024],
  ] as const)
    it(`are found not to be kept where ${why}`, async () => {
      await writeFile(path.join(folder, 'a-file'), '');
      const capture = captureInto(path.join(folder, place), heldMax);
      const find = watched({ id: 'bodies', queued: () => capture.queued, dropped: () => capture.dropped });
      assert.deepEqual(await find(), []);
      await keep(capture, `canary ${'x'.repeat(2000)}`);
      const [found] = await find();
      await capture.close();
      assert.deepEqual([found?.code, found?.severity], ['log-bodies-dropped', 'warning']);
      assert.equal(found?.evidence['dropped'], 1);
      assert.match(found?.remedy ?? '', /CAPTURE_PAYLOADS=errors.*CAPTURE_MAX_BYTES/);
      assert.doesNotMatch(JSON.stringify(found), /canary/);
    });

  it('are well where they can be kept', async () => {
    const capture = captureInto(path.join(folder, 'payloads'));
    const find = watched({ id: 'bodies', queued: () => capture.queued, dropped: () => capture.dropped });
    await keep(capture, 'a body');
    await capture.close();
    assert.deepEqual(await find(), []);
  });
});

describe('spans of calls', () => {
  let receiver: ScriptedUpstream;
  let status = 200;
  before(async () => {
    receiver = await startUpstream((_, response) => sendJson(response, status, {}));
  });
  after(() => receiver.close());

  /** What is found once a call has been sent to `url`. */
  async function sentTo(url: string, flushes = 1): Promise<readonly Finding[]> {
    const spans = createSpanExporter({
      settings: { url, headers: {}, serviceName: 'a gateway' },
      version: '1.2.3',
      exchange: fetchExchange(),
      clock: systemClock,
      newId: (bytes) => randomBytes(bytes).toString('hex'),
      onError: () => undefined,
    });
    const find = watched({ id: 'spans', queued: () => 0, dropped: () => spans.dropped });
    assert.deepEqual(await find(), []);
    spans.record(sampleCall());
    for (let flush = 0; flush < flushes; flush += 1) await spans.flush();
    const findings = await find();
    await spans.close();
    return findings;
  }

  it('are well while the receiver takes them', async () => {
    status = 200;
    assert.deepEqual(await sentTo(`${receiver.url}/v1/traces`), []);
    assert.equal(receiver.seen.length, 1);
  });

  it('are found lost where the receiver refuses them', async () => {
    status = 400;
    const [found] = await sentTo(`${receiver.url}/v1/traces`);
    assert.deepEqual([found?.code, found?.severity], ['log-spans-dropped', 'warning']);
    assert.match(found?.cause ?? '', /^1 calls were not traced because the receiver did not take them/);
    assert.match(found?.remedy ?? '', /curl -i "\$OTEL_EXPORTER_OTLP_ENDPOINT"/);
  });

  it('are found lost where nobody listens, once it has been tried five times', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/v1/traces`;
    assert.deepEqual(await sentTo(url, 4), []);
    assert.deepEqual(
      (await sentTo(url, 5)).map(({ code }) => code),
      ['log-spans-dropped'],
    );
  });
});
