import fc from 'fast-check';

import type { Json } from '../../src/model/json.ts';
import type { Message } from '../../src/model/message.ts';
import type { MediaPart, Part, TextPart, ToolCallPart, ToolResultPart } from '../../src/model/part.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../src/model/request.ts';
import type { FunctionTool, Tool, ToolChoice } from '../../src/model/tool.ts';
import type { Frame } from '../../src/wire/codec.ts';
import { nameOfCall } from '../../src/wire/gemini/call-ids.ts';
import { schemaFromWire } from '../../src/wire/gemini/schema.ts';
import {
  base64,
  extrasOf,
  fraction,
  json,
  jsonObject,
  name,
  plainly,
  some,
  someText,
  text,
  unknownMembers,
} from './arbitrary-values.ts';

const always = fc.constant;
const extras = extrasOf('gemini');
const signature = fc.constantFrom('c2ln', 'EsoBCscBARFNMg87Zms=', 'not base64 at all');

/** A signature that came on the very part, beside members unknown. */
const signed = fc.oneof(
  extras,
  signature.map((thoughtSignature) => ({ gemini: { thoughtSignature } })),
);

const textPart: fc.Arbitrary<TextPart> = some({ type: always('text'), text: someText }, { extras: signed });

const media: fc.Arbitrary<MediaPart> = fc.oneof(
  some(
    {
      type: always('media'),
      mediaType: fc.constantFrom('image/png', 'audio/L16;codec=pcm;rate=24000', 'application/pdf'),
      source: fc.record({ kind: always('base64'), data: base64 }),
    },
    { extras },
  ),
  some(
    {
      type: always('media'),
      mediaType: fc.constantFrom('image/png', 'video/mp4', '*/*'),
      source: fc.record({ kind: always('url'), url: fc.constantFrom('https://a.example/b', 'http://a.example/c.txt') }),
    },
    { extras },
  ),
  some(
    {
      type: always('media'),
      mediaType: fc.constantFrom('image/png', '*/*'),
      source: fc.record({ kind: always('file'), fileId: fc.constantFrom('gs://bucket/a', 'files/a', 'a', '') }),
    },
    { extras },
  ),
);

const vendorPart: fc.Arbitrary<Part> = fc
  .tuple(fc.constantFrom('executableCode', 'codeExecutionResult', 'toolCall', 'xKind'), jsonObject)
  .map(([kind, value]) => ({ type: 'vendor', format: 'gemini', kind, value: { [kind]: value } }));

const thought: fc.Arbitrary<Part> = fc.oneof(
  some({ type: always('reasoning'), text: someText }, { extras }),
  fc.record({ type: always('reasoning'), text, signature, extras: fc.oneof(extras, always({ gemini: {} })) }),
);

const call: fc.Arbitrary<ToolCallPart> = some(
  { type: always('tool-call'), id: always(''), name, argumentsJson: jsonObject.map((it) => JSON.stringify(it)) },
  { extras: signed },
);

const said = fc.oneof(
  someText,
  jsonObject.map((it) => JSON.stringify(it)),
  fc.constantFrom('{"output":"x"}', '{"error":"x"}', '{ "a": 1 }', '{}', '{'),
);
const result: fc.Arbitrary<ToolResultPart> = some(
  {
    type: always('tool-result'),
    toolCallId: always(''),
    content: fc
      .tuple(
        fc.array(
          said.map((each): Part => ({ type: 'text', text: each })),
          { maxLength: 2 },
        ),
        fc.array(media, { maxLength: 1 }),
      )
      .map((parts): readonly Part[] => parts.flat()),
    isError: fc.boolean(),
  },
  { extras },
);

/** A turn; calls are answered one by one, in their order. */
const turn: fc.Arbitrary<readonly Message[]> = fc.oneof(
  some(
    { role: always('user'), content: fc.array(fc.oneof(textPart, media, vendorPart), { minLength: 1, maxLength: 3 }) },
    { extras },
  ).map((message): readonly Message[] => [message]),
  fc
    .tuple(
      fc.array(fc.oneof(thought, textPart, media, vendorPart), { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(call, result), { maxLength: 3 }),
      fc.array(result, { maxLength: 1 }),
      fc.option(extras),
    )
    .map(([parts, calls, orphans, more]): readonly Message[] => {
      const content = [...parts, ...calls.map(([made]) => made)];
      const results = [...calls.map(([, answer]) => answer), ...orphans.map(orphan)];
      const answer: Message = { role: 'assistant', content, ...(more !== null && { extras: more }) };
      return results.length > 0 ? [answer, { role: 'tool', content: results }] : [answer];
    }),
);

const ORPHAN = 'nobody';
const orphan = (part: ToolResultPart): ToolResultPart => ({
  ...part,
  toolCallId: ORPHAN,
  extras: { gemini: { ...part.extras?.gemini, functionResponse: { name: 'gone' } } },
});

/** Names calls, some of them by themselves, as a caller without ids leaves it to us, and gives results their ids. */
function named(turns: readonly (readonly Message[])[], bare: readonly boolean[]): readonly Message[] {
  let position = 0;
  let ids: string[] = [];
  return turns.flat().map((message, index, all): Message => {
    if (message.role === 'assistant') {
      ids = [];
      const content = message.content.map((part): Part => {
        if (part.type !== 'tool-call') return part;
        const id = bare[position % bare.length] === true ? nameOfCall(part.name, position) : `id_${position}`;
        position += 1;
        ids.push(id);
        return { ...part, id };
      });
      return { ...message, content };
    }
    if (message.role === 'tool') {
      let at = 0;
      const content = message.content.map((part): ToolResultPart => {
        if (part.toolCallId === ORPHAN) return part;
        at += 1;
        return { ...part, toolCallId: ids[at - 1] as string };
      });
      return { ...message, content };
    }
    // What the user says behind results stands in one content with them.
    const { extras: _, ...plain } = message;
    return all[index - 1]?.role === 'tool' ? plain : message;
  });
}

const messages = fc
  .tuple(
    fc.option(
      some(
        {
          role: always('system'),
          audience: always('system'),
          content: fc.array(textPart, { minLength: 1, maxLength: 2 }),
        },
        { extras: fc.oneof(extras, always({ gemini: { role: 'user' } })) },
      ),
    ),
    fc.array(turn, { minLength: 1, maxLength: 3 }),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
  )
  .map(([system, turns, bare]): readonly Message[] => {
    const spoken = named(turns, bare);
    return system === null ? spoken : [system, ...spoken];
  });

const OLDER_SCHEMAS = [
  { type: 'OBJECT', properties: { city: { type: 'STRING', nullable: true } }, required: ['city'] },
  { type: 'object', properties: { n: { type: 'integer', minItems: '1' } }, propertyOrdering: ['n'] },
  { anyOf: [{ type: 'STRING', enum: ['a', 'b'] }, { type: 'TYPE_UNSPECIFIED' }], nullable: true },
];

const functionTool: fc.Arbitrary<FunctionTool> = fc.oneof(
  some({ type: always('function'), name }, { description: text, inputSchema: jsonObject, extras }),
  fc.tuple(name, fc.constantFrom(...OLDER_SCHEMAS)).map(([each, parameters]) => ({
    type: 'function' as const,
    name: each,
    inputSchema: schemaFromWire(parameters),
    extras: { gemini: { parameters } },
  })),
);

const vendorTool: fc.Arbitrary<Tool> = fc
  .tuple(fc.constantFrom('googleSearch', 'codeExecution', 'urlContext', 'xTool'), jsonObject)
  .map(([kind, value]) => ({ type: 'vendor', format: 'gemini', kind, value: { [kind]: value } }));

const toolChoice: fc.Arbitrary<ToolChoice> = fc.oneof(
  fc.record({ type: fc.constantFrom('auto', 'none', 'required') }),
  fc.record({ type: always('tool'), name }),
);

const toolSettings = fc.option(
  fc
    .tuple(
      fc.array(functionTool, { minLength: 1, maxLength: 2 }),
      fc.array(vendorTool, { maxLength: 2 }),
      fc.boolean(),
      fc.option(toolChoice),
    )
    .map(([functions, vendors, vendorsFirst, choice]): Pick<GenerationRequest, 'tools' | 'toolChoice'> => ({
      tools: vendorsFirst ? [...vendors, ...functions] : [...functions, ...vendors],
      ...(choice !== null && { toolChoice: choice }),
    })),
  { nil: {} },
);

const outputFormat: fc.Arbitrary<OutputFormat> = fc.oneof(
  fc.record({ type: fc.constantFrom('text', 'json') }),
  fc.record({ type: always('json-schema'), schema: jsonObject }),
  fc.constantFrom(...OLDER_SCHEMAS).map((responseSchema) => ({
    type: 'json-schema' as const,
    schema: schemaFromWire(responseSchema),
    extras: { gemini: { responseSchema } },
  })),
);

const shown = fc.constantFrom({ gemini: {} }, { gemini: { includeThoughts: true } });
const reasoning: fc.Arbitrary<ReasoningSettings> = fc.oneof(
  fc.record({ mode: fc.constantFrom('disabled', 'adaptive'), extras: shown }),
  fc.record({ budgetTokens: fc.integer({ min: 1, max: 40_000 }), extras: shown }),
  fc.record({ effort: fc.constantFrom('minimal', 'low', 'medium', 'high'), extras: shown }),
);

const settings = some(
  { model: someText, messages, stream: fc.boolean(), streamUsage: always(true) },
  {
    maxOutputTokens: fc.integer({ min: 1, max: 100_000 }),
    temperature: fraction,
    topP: fraction,
    topK: fc.nat(100),
    presencePenalty: fraction,
    frequencyPenalty: fraction,
    seed: fc.nat(),
    stopSequences: fc.array(text, { maxLength: 2 }),
    outputFormat,
    reasoning,
    candidateCount: fc.integer({ min: 1, max: 4 }),
  },
);

/** Members that only Gemini has, beside those that nobody knows. */
const own = fc
  .tuple(
    fc.option(unknownMembers, { nil: {} }),
    some(
      {},
      {
        safetySettings: fc.array(fc.record({ category: text, threshold: text }), { maxLength: 1 }),
        cachedContent: text,
        labels: fc.record({ team: text }),
        generationConfig: fc.record({ responseModalities: always(['TEXT', 'IMAGE']), mediaResolution: text }),
        toolConfig: fc.record({ retrievalConfig: jsonObject }),
      },
    ),
  )
  .map(([unknown, known]) => ({ ...unknown, ...known }));

/** A request as Gemini can say it whole: encoded and decoded it must come back as it was. */
export const geminiRequest: fc.Arbitrary<GenerationRequest> = fc
  .tuple(settings, toolSettings, own)
  .map(([request, tools, members]) => ({
    ...request,
    ...tools,
    ...(Object.keys(members).length > 0 && { extras: { gemini: members } }),
  }));

/** Parts of an answer of Gemini's own, no two of which a stream would join. */
export const geminiContent: fc.Arbitrary<readonly Part[]> = fc
  .array(fc.oneof(textPart, thought, call, media, vendorPart), { maxLength: 5 })
  .map((parts) =>
    parts
      .filter((part, index) => part.type !== parts[index - 1]?.type || part.type === 'media' || part.type === 'vendor')
      .map((part, index) => (part.type === 'tool-call' ? { ...part, id: `id_${index}` } : part)),
  );

/** Mostly the right type, now and then anything. */
const rather = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | Json> =>
  fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: json });
const few = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(value, { maxLength: 3 });

const wirePart = some(
  {},
  {
    text: rather(text),
    thought: rather(fc.boolean()),
    thoughtSignature: rather(signature),
    functionCall: rather(
      some({}, { id: rather(fc.constantFrom('a', 'b', '')), name: rather(name), args: json, willContinue: json }),
    ),
    functionResponse: json,
    inlineData: rather(some({}, { mimeType: rather(text), data: rather(base64) })),
    fileData: rather(some({}, { mimeType: rather(text), fileUri: rather(text) })),
    executableCode: json,
  },
);
const candidate = some(
  {},
  {
    content: rather(some({}, { parts: rather(few(wirePart)), role: json })),
    finishReason: rather(fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY', 'OTHER', 'FINISH_REASON_UNSPECIFIED')),
    index: rather(fc.nat(1)),
    groundingMetadata: json,
    citationMetadata: rather(some({}, { citationSources: json })),
  },
);
const chunk = some(
  {},
  {
    candidates: rather(few(candidate)),
    usageMetadata: rather(some({}, { promptTokenCount: json, candidatesTokenCount: json, serviceTier: json })),
    promptFeedback: rather(some({}, { blockReason: rather(always('SAFETY')) })),
    responseId: rather(text),
    modelVersion: rather(text),
    createTime: rather(always('2026-08-19T14:36:04.560385Z')),
  },
);

const ODD_DATA = ['[DONE]', '', 'null', '{', '[]', '{"error":{"code":503,"message":"no"}}', '{"error":{}}'];

/** Chunks as no server ought to send them, near enough to be taken for an answer. */
export const unrulyGeminiFrames: fc.Arbitrary<readonly Frame[]> = fc.array(
  fc.record({
    event: fc.oneof(
      { weight: 6, arbitrary: always('') },
      { weight: 1, arbitrary: fc.constantFrom('error', '__proto__') },
    ),
    data: fc.oneof(
      { weight: 12, arbitrary: chunk.map((each) => JSON.stringify(plainly(each))) },
      { weight: 1, arbitrary: fc.oneof(text, fc.constantFrom(...ODD_DATA)) },
    ),
  }),
  { maxLength: 8 },
);
