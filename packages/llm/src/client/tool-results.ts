import type { Json } from '../model/json.ts';
import type { Message, ToolMessage } from '../model/message.ts';
import type { Part, ToolResultPart } from '../model/part.ts';
import { readArguments, type TypedTool } from '../tools/typed-tool.ts';
import type { Generated, ToolCall } from './generated.ts';

/** A call of a tool and what came of it. */
export interface ToolOutcome {
  readonly call: ToolCall;
  /** What the tool gave; absent when it failed. */
  readonly output?: unknown;
  /** Why there is none, as the model is told. */
  readonly error?: string;
  readonly part: ToolResultPart;
}

/** Where and how tools run. */
export interface ToolRunning {
  readonly tools: ReadonlyMap<string, TypedTool>;
  readonly messages: readonly Message[];
  readonly signal: AbortSignal;
  /** Whether the calls of one answer run side by side. */
  readonly parallel: boolean;
}

/**
 * Runs the calls of an answer, in their order or side by side. What goes wrong, also a tool that does not exist and
 * arguments that do not fit, is an outcome, so that the model can mend it; only an abort is thrown.
 */
export async function runCalls(answer: Generated, running: ToolRunning): Promise<readonly ToolOutcome[]> {
  const { signal, parallel } = running;
  signal.throwIfAborted();
  if (parallel) return Promise.all(answer.toolCalls.map((call) => runOne(call, running)));
  const outcomes: ToolOutcome[] = [];
  for (const call of answer.toolCalls) outcomes.push(await runOne(call, running));
  return outcomes;
}

/** The results as the conversation's next message. */
export const toolMessage = (outcomes: readonly ToolOutcome[]): ToolMessage => ({
  role: 'tool',
  content: outcomes.map(({ part }) => part),
});

async function runOne(call: ToolCall, { tools, messages, signal }: ToolRunning): Promise<ToolOutcome> {
  const { id, name, argumentsJson } = call;
  const tool = tools.get(name);
  if (tool === undefined) {
    const known = [...tools.keys()].join(', ');
    return wrong(call, `There is no tool "${name}". Use one of: ${known}.`);
  }
  const input = await readArguments(tool, argumentsJson);
  if (!input.ok) return wrong(call, `The arguments of ${name} do not fit: ${input.issues.join('; ')}.`);
  try {
    const output = await untilAborted(tool.run(input.value, { signal, toolCallId: id, messages }), signal);
    return { call, output, part: resultPart(id, { content: contentOf(output), isError: false }) };
  } catch (error) {
    signal.throwIfAborted();
    return wrong(call, error instanceof Error ? error.message : String(error));
  }
}

/** A tool that does not listen to the signal must not hold up who waits. */
async function untilAborted<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  if (!(work instanceof Promise)) return work;
  // The tool itself may have aborted: no event would come then.
  signal.throwIfAborted();
  let leave = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

const wrong = (call: ToolCall, error: string): ToolOutcome => ({
  call,
  error,
  part: resultPart(call.id, { content: [{ type: 'text', text: error }], isError: true }),
});

const resultPart = (toolCallId: string, result: Pick<ToolResultPart, 'content' | 'isError'>): ToolResultPart => ({
  type: 'tool-result',
  toolCallId,
  ...result,
});

/** Text as it is, parts of text and media as they are, everything else as JSON; nothing is `null`. */
function contentOf(output: unknown): readonly Part[] {
  if (typeof output === 'string') return [{ type: 'text', text: output }];
  if (isParts(output)) return output;
  return [{ type: 'text', text: JSON.stringify((output ?? null) as Json) }];
}

const isParts = (output: unknown): output is readonly Part[] =>
  Array.isArray(output) &&
  output.length > 0 &&
  output.every(
    (each: unknown) =>
      typeof each === 'object' && each !== null && 'type' in each && (each.type === 'text' || each.type === 'media'),
  );
