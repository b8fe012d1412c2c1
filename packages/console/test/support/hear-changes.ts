import assert from 'node:assert/strict';

import type { Changed, WatchedResource } from '@patchbay/contract/resources/change';

import type { Window } from './console-browser.ts';

/** What a window was told by the stream of changes and what it asked the gateway for, in order. */
export interface Heard {
  /** How much was heard so far. */
  readonly count: () => number;
  /**
   * Fails unless the stream told of a resource since then and the window asked for it because of that: not because
   * somebody came back to it.
   */
  assertTold(resource: WatchedResource, address: string, since: number): Promise<void>;
}

type Sound = { readonly told: readonly string[] } | { readonly asked: string };

/** Listens to a window from now on. */
export async function hearChanges({ context, page }: Window): Promise<Heard> {
  const heard: Sound[] = [];
  const session = await context.newCDPSession(page);
  session.on('Network.eventSourceMessageReceived', ({ eventName, data }) => {
    if (eventName === 'changed') heard.push({ told: (JSON.parse(data) as Changed).resources });
  });
  session.on('Network.requestWillBeSent', ({ request }) => {
    if (request.method === 'GET') heard.push({ asked: new URL(request.url).pathname });
  });
  await session.send('Network.enable');
  await page.addInitScript(() => {
    const returns: string[] = [];
    Object.assign(globalThis, { returns });
    for (const name of ['visibilitychange', 'focus']) window.addEventListener(name, () => returns.push(name), true);
  });
  return {
    count: () => heard.length,
    async assertTold(resource, address, since) {
      const later = heard.slice(since);
      const told = later.findIndex((each) => 'told' in each && each.told.includes(resource));
      assert.ok(told >= 0, `The stream told nothing of ${resource}.`);
      const asked = later.slice(told).some((each) => 'asked' in each && each.asked === address);
      assert.ok(asked, `${address} was not asked for after the stream had told of ${resource}.`);
      const returns = await page.evaluate(() => (globalThis as unknown as { returns: string[] }).returns);
      assert.ok(!returns.includes('visibilitychange'), 'Somebody came back to the window.');
    },
  };
}
