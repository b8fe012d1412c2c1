import type { Usage } from '../model/usage.ts';
import type { CallCost } from './call-record.ts';
import type { ToolStep } from './run-tools.ts';

/** How far a run of tools has come. */
export interface ToolProgress {
  readonly steps: readonly ToolStep[];
  /** Of all steps. */
  readonly usage: Usage;
  /** Of all steps; absent when the cost of any of them is unknown. */
  readonly cost?: CallCost;
}

/** Asked after every step; true ends the run. */
export type StopCondition = (progress: ToolProgress) => boolean | Promise<boolean>;

/** Ends the run after `count` answers. */
export const stepCount =
  (count: number): StopCondition =>
  ({ steps }) =>
    steps.length >= count;

/** Ends the run once the model has called the tool `name`, after it ran. */
export const hasToolCall =
  (name: string): StopCondition =>
  ({ steps }) =>
    steps.at(-1)?.answer.toolCalls.some((call) => call.name === name) ?? false;

/**
 * Ends the run once it cost more than `usd` dollars. An unknown cost ends it too: a bound that nobody can check would
 * bound nothing.
 */
export const costAbove =
  (usd: number): StopCondition =>
  ({ cost }) =>
    cost === undefined || cost.usd > usd;
