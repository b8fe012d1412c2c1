import type { ConsoleStage } from './console-browser.ts';
import { PROCESS_KEY } from '../../../gateway/test/support/gateway-process.ts';

const CALLS = 24;

/** Pages of single calls that are made here: one that went well, and one that failed. */
export const CALL_PATHS: readonly string[] = ['/traffic/of-the-stage-3', '/traffic/of-the-stage-4'];

/** Calls and users for pages to show something: real ones, answered by the simulator. */
export async function makeTraffic(stage: ConsoleStage): Promise<void> {
  for (const role of ['developer', 'user', 'viewer']) await stage.addUser(`${role}-of-the-stage`, role);
  for (let at = 0; at < CALLS; at += 1) {
    // One after the other, as people do.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await fetch(`${stage.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${PROCESS_KEY}`,
        'content-type': 'application/json',
        'x-request-id': `of-the-stage-${at}`,
      },
      body: JSON.stringify({
        model: at % 5 === 4 ? 'simulator/no-such-script' : 'simulator/echo',
        messages: [{ role: 'user', content: `Line ${at} of the stage. ${'More words. '.repeat(at)}` }],
      }),
    });
    // oxlint-disable-next-line no-await-in-loop
    await answer.arrayBuffer();
  }
}
