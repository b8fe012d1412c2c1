import { lockKey } from '../key-names.ts';
import type { RedisLink } from './link.ts';
import { runScript, script } from './run-script.ts';
import { DROP_LOCK } from './scripts/locks.lua.ts';

/** A lock that never ends by itself: whoever took it said no time, or somebody took the time away. */
export interface StuckLock {
  readonly key: string;
  /** What its holder goes by; nobody's secret. */
  readonly holder: string;
}

/** Looks for locks without an end, and takes one away where its holder is still the same; false where it is not. */
export interface StuckLocks {
  find(): Promise<readonly StuckLock[]>;
  drop(lock: StuckLock): Promise<boolean>;
}

const DROP = script(DROP_LOCK);
const PATTERN = lockKey('*');
/** Keys that are gone through in one step, and steps of one search: a large Redis is not read through each minute. */
const STEP_KEYS = 1000;
const STEPS_MAX = 20;
/** More than this are not looked at one by one. */
const LOCKS_MAX = 200;
/** What Redis says of a key that never ends. */
const NO_END = -1;

/** The locks of a Redis; none are found while it does not answer. */
export const stuckLocks = (link: RedisLink): StuckLocks => ({
  find: () =>
    link.ask<readonly StuckLock[]>(
      async (connection) => {
        const send = (...command: string[]): Promise<unknown> => connection.send(command);
        const found: StuckLock[] = [];
        for (const key of (await lockKeys(send)).slice(0, LOCKS_MAX)) {
          if (Number(await send('PTTL', key)) !== NO_END) continue;
          const holder = await send('GET', key).catch(() => null);
          if (typeof holder === 'string') found.push({ key, holder });
        }
        return found;
      },
      () => [],
    ),
  drop: ({ key, holder }) =>
    link.ask(
      async (connection) => Number(await runScript(connection, DROP, [key], [holder])) === 1,
      () => false,
    ),
});

async function lockKeys(send: (...command: string[]) => Promise<unknown>): Promise<readonly string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const said = await send('SCAN', cursor, 'MATCH', PATTERN, 'COUNT', String(STEP_KEYS));
    if (!Array.isArray(said)) break;
    cursor = String(said[0]);
    for (const key of Array.isArray(said[1]) ? said[1] : []) keys.add(String(key));
    if (cursor === '0') break;
  }
  return [...keys];
}
