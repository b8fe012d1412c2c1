import type { Attachment } from '../attachments/attachment.ts';
import type { Message } from '../conversation.ts';
import type { Effort, Parameters } from '../parameters.ts';
import { argumentsOf, compact, inRuns, presentOf, wordsOf, type Asked, type Source } from './asked.ts';

/** The body of a call in Gemini's dialect; the model stands in its address. */
export function geminiBody({ system, messages, parameters, tools }: Asked, source: Source): object {
  const generation = generationOf(parameters);
  return compact({
    systemInstruction: system.trim() === '' ? undefined : { parts: [{ text: system }] },
    contents: contentsOf(messages, source),
    generationConfig: Object.keys(generation).length === 0 ? undefined : generation,
    ...toolsOf(tools, parameters),
  });
}

/** The same as Google's own library takes it. */
export function geminiOptions({ model, system, messages, parameters, tools }: Asked, source: Source): object {
  const config = {
    ...(system.trim() !== '' && { systemInstruction: system }),
    ...generationOf(parameters),
    ...toolsOf(tools, parameters),
  };
  return compact({
    model,
    contents: contentsOf(messages, source),
    config: Object.keys(config).length === 0 ? undefined : config,
  });
}

const LEVELS = { minimal: 'MINIMAL', low: 'LOW', medium: 'MEDIUM', high: 'HIGH', xhigh: 'HIGH' } as const;

/** No thinking is said in tokens, all else by a level. */
const thinkingOf = (effort: Effort): object =>
  effort === 'none' ? { thinkingBudget: 0 } : { thinkingLevel: LEVELS[effort] };

function generationOf({ effort, format, ...parameters }: Parameters): object {
  return compact({
    temperature: parameters.temperature,
    topP: parameters.topP,
    maxOutputTokens: parameters.maxTokens,
    stopSequences: parameters.stop,
    seed: parameters.seed,
    frequencyPenalty: parameters.frequencyPenalty,
    presencePenalty: parameters.presencePenalty,
    responseMimeType: format && 'application/json',
    responseJsonSchema: format?.schema,
    thinkingConfig: effort && thinkingOf(effort),
  });
}

const MODES = { auto: 'AUTO', required: 'ANY', none: 'NONE' } as const;

function toolsOf(tools: Asked['tools'], { toolChoice }: Parameters): object {
  if (tools.length === 0) return {};
  const functionDeclarations = tools.map(({ name, description, parameters }) => ({
    name,
    description,
    parametersJsonSchema: parameters,
  }));
  return {
    tools: [{ functionDeclarations }],
    ...(toolChoice !== undefined && { toolConfig: { functionCallingConfig: { mode: MODES[toolChoice] } } }),
  };
}

const contentsOf = (messages: readonly Message[], source: Source): readonly object[] =>
  inRuns(messages).map((run) => ({
    role: run[0]?.role === 'assistant' ? 'model' : 'user',
    parts: run.flatMap((each) => partsOf(each, source)),
  }));

function partsOf(message: Message, source: Source): readonly object[] {
  const { role } = message;
  if (role === 'tool')
    return [{ functionResponse: { id: message.callId, name: message.name, response: { result: message.result } } }];
  const text = message.text === '' ? [] : [{ text: message.text }];
  if (role === 'user') return [...presentOf(message.attachments).map((each) => mediaOf(each, source)), ...text];
  return [
    ...text,
    ...message.calls.map((call) => ({ functionCall: { id: call.id, name: call.name, args: argumentsOf(call) } })),
  ];
}

const mediaOf = (each: Attachment, source: Source): object =>
  each.kind === 'text'
    ? { text: wordsOf(each) }
    : { inlineData: { mimeType: each.mediaType, data: source(each, 'base64') } };
