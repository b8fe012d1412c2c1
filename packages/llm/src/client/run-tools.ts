import { invalidRequest } from '../model/failure.ts';
import type { StreamEvent } from '../model/event.ts';
import type { Message } from '../model/message.ts';
import type { Tool } from '../model/tool.ts';
import { NO_USAGE, type Usage } from '../model/usage.ts';
import type { TypedTool } from '../tools/typed-tool.ts';
import { readAsk, type Ask } from './ask.ts';
import type { CallOptions } from './call-options.ts';
import type { CallCost } from './call-record.ts';
import type { Client } from './client-of.ts';
import type { Generated } from './generated.ts';
import { LlmError } from './llm-error.ts';
import type { StopCondition, ToolProgress } from './stop-conditions.ts';
import { runCalls, toolMessage, type ToolOutcome } from './tool-results.ts';
import { departed } from './watchdog.ts';

/** One answer of the model and what its calls came to. */
export interface ToolStep {
  /** From 1. */
  readonly number: number;
  readonly answer: Generated;
  /** Empty when the model called nothing, or what only the caller can run. */
  readonly outcomes: readonly ToolOutcome[];
}

/** How a run is made. */
export interface ToolRunOptions extends CallOptions {
  /** A list, or an object whose keys are the names. */
  readonly tools: readonly TypedTool[] | Readonly<Record<string, Omit<TypedTool, 'name'>>>;
  /** Ends the run after a step when it, or any of them, says so. */
  readonly stopWhen?: StopCondition | readonly StopCondition[];
  /** Answers at most. Default 8. */
  readonly stepsMax?: number;
  /** Is given every step when it is over; waited for. */
  readonly onStep?: (step: ToolStep) => void | Promise<void>;
  /** Whether the calls of one answer run side by side. Default true. */
  readonly parallel?: boolean;
}

/**
 * Why a run ended: the model answered without calls, a condition of `stopWhen` held, `stepsMax` was reached, or the model
 * called a tool of the request that only its caller can run.
 */
export type ToolRunEnd = 'answered' | 'stopped' | 'steps-used-up' | 'caller-must-run';

/** A whole run. */
export interface ToolRun extends ToolProgress {
  /** The last answer, and its text. */
  readonly answer: Generated;
  readonly text: string;
  /** The whole conversation, ready to be asked again. */
  readonly messages: readonly Message[];
  readonly end: ToolRunEnd;
}

/** What a streamed run gives: the events of every answer, and each step when it is over. */
export type ToolRunEvent =
  | { readonly type: 'event'; readonly step: number; readonly event: StreamEvent }
  | { readonly type: 'step'; readonly step: ToolStep };

/**
 * Asks a model, runs the tools that it calls, tells it their results and asks again, until it answers without calls.
 * Every answer goes back exactly as it came, signatures included. Throws `LlmError` when an answer fails or the signal is
 * aborted; what tools throw goes to the model.
 */
export async function runTools(client: Pick<Client, 'generate'>, ask: Ask, options: ToolRunOptions): Promise<ToolRun> {
  const run = steps(ask, options, (each, call) => silently(client.generate(each, call)));
  for (;;) {
    const next = await run.next();
    if (next.done === true) return next.value;
  }
}

/** The same with streamed answers. Its `return` value is the whole run; leaving it early ends the run. */
export async function* streamTools(
  client: Pick<Client, 'stream'>,
  ask: Ask,
  options: ToolRunOptions,
): AsyncGenerator<ToolRunEvent, ToolRun> {
  return yield* steps(ask, options, async function* (each, call) {
    const answer = client.stream(each, call);
    for await (const event of answer) yield event;
    return await answer.result();
  });
}

const NO_EVENTS: readonly StreamEvent[] = [];

/** A whole answer as the end of a stream in which nothing was heard. */
async function* silently(answer: Promise<Generated>): AsyncGenerator<StreamEvent, Generated> {
  yield* NO_EVENTS;
  return await answer;
}

type AskOnce = (ask: Ask, options: CallOptions) => AsyncGenerator<StreamEvent, Generated>;

async function* steps(ask: Ask, options: ToolRunOptions, askOnce: AskOnce): AsyncGenerator<ToolRunEvent, ToolRun> {
  const { tools: given, stopWhen = [], stepsMax = STEPS_MAX, onStep, parallel = true, ...call } = options;
  const read = readAsk(ask, { stream: false });
  if (!read.ok) throw new LlmError(read.failure);
  if (!(stepsMax >= 1)) throw new LlmError(invalidRequest('stepsMax', '`stepsMax` must be a whole number from 1.'));
  const tools = new Map(toolList(given).map((each) => [each.name, each]));
  const own: readonly Tool[] = (read.value.request.tools ?? []).filter((each) => !isNamed(each, tools));
  const isCallers = (name: string): boolean => own.some((each) => each.type === 'function' && each.name === name);
  const { prompt: _, system: __, ...settings } = ask;
  const signal = call.signal ?? new AbortController().signal;
  const conditions = typeof stopWhen === 'function' ? [stopWhen] : stopWhen;
  let messages = read.value.request.messages;
  const done: ToolStep[] = [];
  for (;;) {
    const number = done.length + 1;
    const asking = askOnce({ ...settings, messages, tools: [...own, ...tools.values()] }, call);
    const answer = yield* numbered(asking, number);
    const mustLeave = answer.toolCalls.some(({ name }) => isCallers(name));
    const running = { tools, messages, signal, parallel };
    const outcomes = mustLeave ? [] : await orCancelled(runCalls(answer, running), signal);
    const step: ToolStep = { number, answer, outcomes };
    done.push(step);
    messages = [...messages, answer.message, ...(outcomes.length > 0 ? [toolMessage(outcomes)] : [])];
    yield { type: 'step', step };
    await onStep?.(step);
    const progress = progressOf(done);
    const end = mustLeave ? 'caller-must-run' : await endOf(progress, conditions, stepsMax);
    if (end !== undefined) return { ...progress, answer, text: answer.text, messages, end };
  }
}

const STEPS_MAX = 8;

const toolList = (tools: ToolRunOptions['tools']): readonly TypedTool[] =>
  isList(tools) ? tools : Object.entries(tools).map(([name, each]) => ({ ...each, name }));

const isList = (tools: ToolRunOptions['tools']): tools is readonly TypedTool[] => Array.isArray(tools);

const isNamed = (tool: Tool, tools: ReadonlyMap<string, TypedTool>): boolean =>
  tool.type === 'function' && tools.has(tool.name);

async function* numbered(
  asking: AsyncGenerator<StreamEvent, Generated>,
  step: number,
): AsyncGenerator<ToolRunEvent, Generated> {
  try {
    for (;;) {
      const next = await asking.next();
      if (next.done === true) return next.value;
      yield { type: 'event', step, event: next.value };
    }
  } finally {
    // Who leaves in the middle closes the connection. The type asks for a value that nobody reads.
    await asking.return(undefined as never);
  }
}

/** An abort while tools run is the same as one while a model answers. */
async function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) throw new LlmError(departed(signal.reason));
    throw error;
  }
}

async function endOf(
  progress: ToolProgress,
  conditions: readonly StopCondition[],
  stepsMax: number,
): Promise<ToolRunEnd | undefined> {
  if (progress.steps.at(-1)?.outcomes.length === 0) return 'answered';
  for (const condition of conditions) if (await condition(progress)) return 'stopped';
  return progress.steps.length >= stepsMax ? 'steps-used-up' : undefined;
}

function progressOf(done: readonly ToolStep[]): ToolProgress {
  const cost = sumOfCosts(done.map(({ answer }) => answer.cost));
  const usage = done.reduce((sum, { answer }) => addUsage(sum, answer.usage), NO_USAGE);
  return { steps: [...done], usage, ...(cost !== undefined && { cost }) };
}

/** A step whose usage nobody told makes the sum an estimate. */
function addUsage(sum: Usage, more: Usage | undefined): Usage {
  if (more === undefined) return { ...sum, estimated: true };
  return {
    inputTokens: sum.inputTokens + more.inputTokens,
    outputTokens: sum.outputTokens + more.outputTokens,
    cacheReadTokens: sum.cacheReadTokens + more.cacheReadTokens,
    cacheWriteTokens: sum.cacheWriteTokens + more.cacheWriteTokens,
    cacheWrite1hTokens: sum.cacheWrite1hTokens + more.cacheWrite1hTokens,
    reasoningTokens: sum.reasoningTokens + more.reasoningTokens,
    estimated: sum.estimated || more.estimated,
  };
}

function sumOfCosts(costs: readonly (CallCost | undefined)[]): CallCost | undefined {
  const known = costs.filter((cost) => cost !== undefined);
  if (known.length < costs.length) return undefined;
  const nanoUsd = known.reduce((sum, cost) => sum + cost.nanoUsd, 0);
  return { nanoUsd, usd: nanoUsd / 1e9, assumed: [...new Set(known.flatMap(({ assumed }) => assumed))] };
}
