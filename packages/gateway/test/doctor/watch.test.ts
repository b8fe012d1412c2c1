import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { filesOpenToOthers } from '../../src/diagnosis/checks/files-open-to-others.ts';
import { dataFolder } from '../../src/diagnosis/data-folder.ts';
import { createDoctor } from '../../src/diagnosis/doctor.ts';
import { createStandingWatch, type StandingWatch } from '../../src/diagnosis/standing-watch.ts';
import { tellWebhook } from '../../src/diagnosis/tell-webhook.ts';
import { DeadlineWheel } from '../../src/relay/deadline-wheel.ts';
import { upstreamExchange } from '../../src/relay/upstream-exchange.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { loopbackUpstream, movableClock } from '../support/loopback-upstream.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';

for (const { name, skip, make } of ENGINES)
  describe(`a standing watch on ${name}`, { skip }, () => {
    let made: TestStore;
    let folder: string;
    let receiver: ScriptedUpstream;
    let network: ReturnType<typeof loopbackUpstream>;
    let status = 200;
    const errors: unknown[] = [];
    before(async () => {
      made = await make();
      folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
      receiver = await startUpstream((_, response) => sendJson(response, status, {}));
      network = loopbackUpstream();
    });
    after(async () => {
      network.close();
      await receiver.close();
      await made.close();
      await rm(folder, { recursive: true });
    });

    function start(everyMs = 0, clock = systemClock): StandingWatch {
      const ports = { dataFolder: dataFolder(folder) };
      const exchange = upstreamExchange(network, new DeadlineWheel(systemClock));
      const parts = { url: `${receiver.url}/hook?canary=1`, exchange, version: '1.2.3' };
      const quick = { ...systemClock, sleep: () => Promise.resolve() };
      return createStandingWatch({
        doctor: createDoctor({ checks: [filesOpenToOthers], ports, clock: systemClock }),
        rows: made.store.rows,
        clock,
        newId: randomUUID,
        everyMs,
        tell: (news) => tellWebhook({ ...parts, clock: quick }, news),
        onError: (error) => errors.push(error),
      });
    }
    const events = async (): Promise<readonly unknown[]> =>
      (await made.store.rows.events.all()).map(({ type, details }) => [type, details?.['doctor'], details?.['code']]);
    const heard = (): readonly string[] =>
      receiver.seen.map(({ body }) => {
        const { event, found, resolved } = JSON.parse(body.toString()) as Record<string, readonly unknown[]>;
        return `${String(event)} ${found?.length} ${resolved?.length}`;
      });

    it('tells what is new once, to the events and to the webhook, also after a restart', async () => {
      const watch = start();
      assert.deepEqual(await watch.round(), { found: [], resolved: [] });
      await chmod(folder, 0o755);
      assert.equal((await watch.round()).found.length, 1);
      assert.equal((await watch.round()).found.length, 0);
      watch.close();
      const again = start();
      assert.equal((await again.round()).found.length, 0);
      assert.deepEqual(await events(), [['warning', 'found', 'files-open-to-others']]);
      assert.deepEqual(heard(), ['doctor 1 0']);
      assert.equal(receiver.seen[0]?.path, '/hook?canary=1');
      again.close();
    });

    it('tells that it is well again, once it has been so for two rounds', async () => {
      const watch = start();
      await chmod(folder, 0o700);
      assert.equal((await watch.round()).resolved.length, 0);
      assert.equal((await watch.round()).resolved.length, 1);
      assert.equal((await watch.round()).resolved.length, 0);
      assert.deepEqual((await events()).length, 2);
      assert.deepEqual(heard().at(-1), 'doctor 0 1');
      watch.close();
    });

    it('keeps the event when nobody takes the message, and names the setting without its value', async () => {
      status = 500;
      const watch = start();
      const before = receiver.seen.length;
      await chmod(folder, 0o755);
      await watch.round();
      assert.equal(receiver.seen.length, before + 3);
      assert.equal((await events()).length, 3);
      assert.match(String(errors.at(-1)), /DOCTOR_WEBHOOK_URL did not take .* status 500/);
      assert.doesNotMatch(String(errors.at(-1)), /canary/);
      watch.close();
    });

    it('looks by itself as often as it is told, and not after its end', async () => {
      const clock = movableClock();
      const watch = start(60_000, clock);
      assert.equal(clock.tasks(), 1);
      watch.close();
      assert.equal(clock.tasks(), 0);
      const never = start(0, clock);
      assert.equal(clock.tasks(), 0);
      never.close();
      await systemClock.sleep(1);
    });
  });
