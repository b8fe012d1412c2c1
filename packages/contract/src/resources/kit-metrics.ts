import * as z from 'zod/mini';

import { Timestamp } from './page.ts';

/** Sums over calls. */
export const KitSums = z.object({
  requests: z.int(),
  successes: z.int(),
  errors: z.int(),
  /** From 0 to 1; null where nothing was called. */
  success_rate: z.nullable(z.number()),
  /** Milliseconds. */
  average_latency: z.number(),
  tokens: z.object({ input: z.int(), output: z.int(), total: z.int() }),
  /** Calls whose price nobody knows are counted apart, never taken for free. */
  cost: z.object({ total: z.number(), currency: z.literal('USD'), calls_of_unknown_price: z.int() }),
});

/** What was called in the last 24 hours. */
export const KitMetrics = z.object({
  from: Timestamp,
  to: Timestamp,
  ...KitSums.shape,
  providers: z.record(z.string(), KitSums),
  /** By `provider/model`. */
  models: z.record(z.string(), KitSums),
});

/** The same by provider. */
export const KitProviderMetrics = z.object({ providers: z.record(z.string(), z.nullable(KitSums)) });

/** How the process is. Times are whole seconds, memory bytes. */
export const KitSystem = z.object({
  uptime: z.int(),
  /** How long the calls were counted for that are told. */
  counted_for: z.int(),
  requests: z.int(),
  errors: z.int(),
  memory: z.object({ rss: z.int(), heap_used: z.int(), heap_total: z.int() }),
});

/** A gateway races no providers: it goes from one to the next, and lets those rest that fail. */
export const KitRacing = z.object({
  races: z.literal(0),
  /** Changes of the account, and so of the provider, since midnight (UTC). */
  switches: z.int(),
  circuits: z.object({
    /** Accounts that rest now. */
    open: z.int(),
  }),
  providers: z.object({}),
});

/** What `KitSums` reads. */
export type KitSums = z.output<typeof KitSums>;
