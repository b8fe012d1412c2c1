import type { Plan, PlannedLimit } from '../limit-plan.ts';
import { SLOTS } from '../limit-plan.ts';
import type { Decision, LimitStore } from '../limit-store.ts';
import { BoundedMap } from '../memory/bounded-map.ts';
import type { RedisLink } from './link.ts';
import { runScript, script } from './run-script.ts';
import { DECIDE as DECIDE_TEXT } from './scripts/decide.lua.ts';
import { RENEW as RENEW_TEXT } from './scripts/renew.lua.ts';
import { SETTLE as SETTLE_TEXT } from './scripts/settle.lua.ts';

const DECIDE = script(DECIDE_TEXT);
const SETTLE = script(SETTLE_TEXT);
const RENEW = script(RENEW_TEXT);

/** Calls that ended while Redis was away and are told to it later; beyond that the oldest are lost to it. */
const OWED_MAX = 10_000;
/** So many of them are told at once: calls that wait for an answer come between. */
const OWED_AT_ONCE = 20;

/**
 * Limits in Redis; without it those of this process, which begin where Redis was last seen. So while Redis is away a
 * limit may be passed by what the other processes use meanwhile, each at most as much as was left.
 */
export function redisLimitStore(link: RedisLink, local: LimitStore): LimitStore {
  const seen = new SeenUse();
  const placedHere = new WeakSet<Plan>();
  let owed: (readonly [reserved: Plan, actual: Plan])[] = [];
  const settle = (reserved: Plan, actual: Plan): Promise<void> =>
    link.ask(
      async (connection) => {
        if (placedHere.has(reserved)) await local.settle(reserved, actual);
        await runScript(connection, SETTLE, [], [JSON.stringify(reserved), JSON.stringify(actual)]);
      },
      async (wasSent) => {
        await local.settle(reserved, actual);
        // What was sent may have been counted: to count it twice would be worse than to lose it.
        if (!wasSent && owed.push([reserved, actual]) > OWED_MAX) owed.shift();
      },
    );
  link.whenUp(() => {
    const due = owed;
    owed = [];
    void inTurns(due, ([reserved, actual]) => settle(reserved, actual));
  });
  return {
    settle,
    decide: (plan, options) =>
      link.ask(
        async (connection) => {
          const values = [JSON.stringify(plan), options.charge ? '1' : '0'];
          const decision = decisionOf(await runScript(connection, DECIDE, [], values));
          seen.note(plan, decision);
          return decision;
        },
        () => {
          placedHere.add(plan);
          return local.decide(seen.raiseFloors(plan), options);
        },
      ),
    renew: (plan) =>
      link.ask(
        async (connection) => {
          await runScript(connection, RENEW, [], [JSON.stringify(plan)]);
        },
        () => local.renew(plan),
      ),
  };
}

async function inTurns<Item>(items: readonly Item[], task: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += OWED_AT_ONCE)
    await Promise.all(items.slice(at, at + OWED_AT_ONCE).map(task));
}

function decisionOf(reply: unknown): Decision {
  // The script gives whole numbers as texts: one for the verdict, three for each limit.
  const [admitted, ...numbers] = (reply as readonly string[]).map(Number);
  const answers = Array.from({ length: numbers.length / 3 }, (_, index) => {
    const [used = 0, refused = 0, freesAtMs = 0] = numbers.slice(3 * index);
    return { used, refused: refused === 1, freesAtMs };
  });
  return { admitted: admitted === 1, answers };
}

/** What Redis has told of each limit. */
class SeenUse {
  readonly #used = new BoundedMap<{ readonly used: number; readonly atMs: number }>();

  note(plan: Plan, { admitted, answers }: Decision): void {
    for (const [index, limit] of plan.scopes.flatMap(({ limits }) => limits).entries()) {
      if (limit.kind === 'in-flight') continue;
      const used = (answers[index]?.used ?? 0) + (admitted ? limit.amount : 0);
      this.#used.set(limit.key, { used, atMs: plan.nowMs });
    }
  }

  raiseFloors(plan: Plan): Plan {
    const raise = (limit: PlannedLimit): PlannedLimit => {
      const { used, atMs } = this.#used.get(limit.key) ?? { used: 0, atMs: 0 };
      const isOver = limit.kind === 'rolling' && atMs <= plan.nowMs - SLOTS * limit.partMs;
      return isOver || used <= limit.floor ? limit : { ...limit, floor: used };
    };
    return { ...plan, scopes: plan.scopes.map((scope) => ({ ...scope, limits: scope.limits.map(raise) })) };
  }
}
