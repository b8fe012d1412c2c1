import type { Message } from '../conversation.ts';
import type { Parameters } from '../parameters.ts';
import { calling } from '../program-text.ts';
import { argumentsOf, compact, inRuns, presentOf, wordsOf, type Asked, type Source } from './asked.ts';

/** What `generateText` of the AI SDK is told, the model apart. */
export function aiSdkOptions({ system, messages, parameters, tools }: Asked, source: Source): object {
  const { effort, format, parallelCalls } = parameters;
  const openai = compact({ reasoningEffort: effort, parallelToolCalls: parallelCalls });
  return compact({
    instructions: system.trim() === '' ? undefined : system,
    messages: inRuns(messages).map((run) => messageOf(run, source)),
    temperature: parameters.temperature,
    topP: parameters.topP,
    maxOutputTokens: parameters.maxTokens,
    stopSequences: parameters.stop,
    seed: parameters.seed,
    frequencyPenalty: parameters.frequencyPenalty,
    presencePenalty: parameters.presencePenalty,
    output: format && outputOf(format),
    ...(tools.length > 0 && { tools: toolsOf(tools), ...compact({ toolChoice: parameters.toolChoice }) }),
    providerOptions: Object.keys(openai).length === 0 ? undefined : { openai },
  });
}

const outputOf = ({ schema }: NonNullable<Parameters['format']>): unknown =>
  schema === undefined ? calling('Output.json') : calling('Output.object', { schema: calling('jsonSchema', schema) });

const toolsOf = (tools: Asked['tools']): object =>
  Object.fromEntries(
    tools.map(({ name, description, parameters }) => [
      name,
      calling('tool', { description, inputSchema: calling('jsonSchema', parameters) }),
    ]),
  );

function messageOf(run: readonly Message[], source: Source): object {
  const [first] = run;
  if (first?.role === 'user') return { role: 'user', content: contentOf(first, source) };
  if (first?.role === 'assistant') return { role: 'assistant', content: answerOf(first) };
  const results = run.flatMap((each) =>
    each.role === 'tool'
      ? [
          {
            type: 'tool-result',
            toolCallId: each.callId,
            toolName: each.name,
            output: { type: 'text', value: each.result },
          },
        ]
      : [],
  );
  return { role: 'tool', content: results };
}

function answerOf({ text, calls }: Extract<Message, { role: 'assistant' }>): unknown {
  if (calls.length === 0) return text;
  const parts = calls.map((call) => ({
    type: 'tool-call',
    toolCallId: call.id,
    toolName: call.name,
    input: argumentsOf(call),
  }));
  return [...(text === '' ? [] : [{ type: 'text', text }]), ...parts];
}

function contentOf({ text, attachments }: Extract<Message, { role: 'user' }>, source: Source): unknown {
  const parts = presentOf(attachments).map((each): object =>
    each.kind === 'text'
      ? { type: 'text', text: wordsOf(each) }
      : { type: 'file', mediaType: each.mediaType, filename: each.name, data: source(each, 'base64') },
  );
  return parts.length === 0 ? text : [...parts, ...(text === '' ? [] : [{ type: 'text', text }])];
}
