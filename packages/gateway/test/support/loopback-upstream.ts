import { systemClock, type Clock } from '@patchbay/llm/model/clock';

import { guardedConnect } from '../../src/egress/guarded-connect.ts';
import type { NameService } from '../../src/egress/name-cache.ts';
import { createEgressPolicy } from '../../src/egress/policy.ts';
import { DeadlineWheel } from '../../src/relay/deadline-wheel.ts';
import { http1Upstream, type NetworkUpstream } from '../../src/relay/http1/http1-upstream.ts';

interface LoopbackOptions {
  readonly clock?: Clock;
  /** The name service; absent: the system's. */
  readonly names?: NameService;
  /** What may be dialled although it is private. Default the address 127.0.0.1 and the name localhost. */
  readonly allow?: readonly string[];
}

/** The real network with the real guard before it, which lets us reach servers of the test. */
export function loopbackUpstream({
  clock = systemClock,
  names,
  allow = ['127.0.0.1', 'localhost'],
}: LoopbackOptions = {}): NetworkUpstream {
  const connect = guardedConnect(createEgressPolicy(allow, []), clock, names);
  return http1Upstream(connect, new DeadlineWheel(clock));
}

/** A clock that moves when the test says so, and then runs its repeated tasks. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
  /** How many repeated tasks there are now. */
  readonly tasks: () => number;
}

/** Makes one. */
export function movableClock(): MovableClock {
  const tasks = new Set<() => void>();
  let nowMs = 1;
  return {
    ...systemClock,
    monotonicMs: () => nowMs,
    every(_, task) {
      tasks.add(task);
      return () => tasks.delete(task);
    },
    tasks: () => tasks.size,
    advance(ms) {
      nowMs += ms;
      for (const task of tasks) task();
    },
  };
}
