import type { Message } from '../conversation.ts';
import type { Parameters } from '../parameters.ts';
import { argumentsOf, compact, inRuns, presentOf, wordsOf, type Asked, type Source } from './asked.ts';

/** Anthropic wants a limit with every call. */
const MAX_TOKENS = 1024;

/** The body of a call in Anthropic's dialect. */
export function anthropicBody({ model, system, messages, parameters, tools }: Asked, source: Source): object {
  return compact({
    model,
    max_tokens: parameters.maxTokens ?? MAX_TOKENS,
    system: system.trim() === '' ? undefined : system,
    messages: inRuns(messages).map((run) => messageOf(run, source)),
    temperature: parameters.temperature,
    top_p: parameters.topP,
    stop_sequences: parameters.stop,
    thinking: parameters.effort === 'none' ? { type: 'disabled' } : undefined,
    output_config: outputOf(parameters),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters: schema }) => ({ name, description, input_schema: schema })),
      ...compact({ tool_choice: choiceOf(parameters) }),
    }),
  });
}

/** Its own words for how much is thought; that nothing is, stands elsewhere. */
const EFFORTS = {
  none: undefined,
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
} as const;

function outputOf({ effort, format }: Parameters): object | undefined {
  const schema = format?.schema;
  const config = compact({
    effort: effort && EFFORTS[effort],
    format: schema && { type: 'json_schema', schema },
  });
  return Object.keys(config).length === 0 ? undefined : config;
}

const CHOICES = { auto: 'auto', required: 'any', none: 'none' } as const;

function choiceOf({ toolChoice, parallelCalls }: Parameters): object | undefined {
  if (toolChoice === undefined && parallelCalls === undefined) return undefined;
  const type = CHOICES[toolChoice ?? 'auto'];
  return compact({
    type,
    disable_parallel_tool_use: type === 'none' || parallelCalls === undefined ? undefined : !parallelCalls,
  });
}

function messageOf(run: readonly Message[], source: Source): object {
  const [first] = run;
  if (first?.role === 'user') return { role: 'user', content: contentOf(first, source) };
  if (first?.role === 'assistant') return { role: 'assistant', content: answerOf(first) };
  const results = run.flatMap((each) =>
    each.role === 'tool' ? [{ type: 'tool_result', tool_use_id: each.callId, content: each.result }] : [],
  );
  return { role: 'user', content: results };
}

function answerOf(message: Extract<Message, { role: 'assistant' }>): unknown {
  const { text, calls } = message;
  if (calls.length === 0) return text;
  const uses = calls.map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: argumentsOf(call) }));
  return [...(text === '' ? [] : [{ type: 'text', text }]), ...uses];
}

function contentOf({ text, attachments }: Extract<Message, { role: 'user' }>, source: Source): unknown {
  const parts = presentOf(attachments).map((each): object => {
    if (each.kind === 'text') return { type: 'text', text: wordsOf(each) };
    const media = { type: 'base64', media_type: each.mediaType, data: source(each, 'base64') };
    return each.kind === 'image'
      ? { type: 'image', source: media }
      : { type: 'document', source: media, title: each.name };
  });
  return parts.length === 0 ? text : [...parts, ...(text === '' ? [] : [{ type: 'text', text }])];
}
