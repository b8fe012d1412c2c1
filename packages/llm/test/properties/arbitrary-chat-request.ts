import fc from 'fast-check';
import type { AssistantMessage, Message } from '../../src/model/message.ts';
import type { MediaPart, Part, TextPart, ToolResultPart } from '../../src/model/part.ts';
import type { GenerationRequest, OutputFormat } from '../../src/model/request.ts';
import type { Tool, ToolChoice } from '../../src/model/tool.ts';
import {
  base64,
  cacheControl,
  extrasOf,
  fraction,
  jsonObject,
  name,
  some,
  someText,
  text,
  unknownMembers,
} from './arbitrary-values.ts';

const always = fc.constant;
const extras = extrasOf('openai-chat');
const besides = { cacheControl, extras };

const textPart: fc.Arbitrary<TextPart> = some({ type: always('text'), text }, besides);
const media: fc.Arbitrary<MediaPart> = fc.oneof(
  some(
    {
      type: always('media'),
      mediaType: always('image/*'),
      source: fc.record({ kind: always('url'), url: fc.webUrl({ size: 'xsmall' }) }),
    },
    besides,
  ),
  some(
    {
      type: always('media'),
      mediaType: fc.constantFrom('image/png', 'audio/wav', 'audio/mp3'),
      source: fc.record({ kind: always('base64'), data: base64 }),
    },
    besides,
  ),
  some(
    {
      type: always('media'),
      mediaType: always('application/pdf'),
      source: fc.record({ kind: always('base64'), data: base64 }),
      filename: text,
    },
    besides,
  ),
  some(
    {
      type: always('media'),
      mediaType: always('application/*'),
      source: fc.record({ kind: always('file'), fileId: text }),
    },
    { ...besides, filename: text },
  ),
);
const vendorPart: fc.Arbitrary<Part> = jsonObject.map((value) => ({
  type: 'vendor',
  format: 'openai-chat',
  kind: 'x_part',
  value: { ...value, type: 'x_part' },
}));
const spoken = fc.array(fc.oneof(textPart, media, vendorPart), { maxLength: 3 });

const toolCall: fc.Arbitrary<Part> = some(
  { type: always('tool-call'), id: text, name, argumentsJson: text },
  { extras },
);

/** In the order of the wire's own members: thoughts, words, calls. */
const assistant: fc.Arbitrary<AssistantMessage> = some(
  {
    role: always('assistant'),
    content: fc
      .tuple(
        fc.array(fc.record({ type: always('reasoning'), text: someText }), { maxLength: 1 }),
        spoken,
        fc.array(fc.record({ type: always('refusal'), text: someText }), { maxLength: 1 }),
        fc.array(toolCall, { maxLength: 2 }),
      )
      .map((parts): readonly Part[] => parts.flat()),
  },
  { extras },
);

const toolResult: fc.Arbitrary<ToolResultPart> = some(
  {
    type: always('tool-result'),
    toolCallId: text,
    content: fc.array(textPart, { minLength: 1, maxLength: 2 }),
    isError: always(false),
  },
  besides,
);

const message: fc.Arbitrary<Message> = fc.oneof(
  some({ role: always('system'), audience: fc.constantFrom('system', 'developer'), content: spoken }, { extras }),
  some({ role: always('user'), content: spoken }, { extras }),
  assistant,
  fc.record({ role: always('tool'), content: fc.array(toolResult, { minLength: 1, maxLength: 2 }) }),
);

/** Adjacent tool messages are one. */
const apart = (messages: readonly Message[]): readonly Message[] =>
  messages.filter(({ role }, index) => role !== 'tool' || messages[index - 1]?.role !== 'tool');

const tool: fc.Arbitrary<Tool> = fc.oneof(
  some(
    { type: always('function'), name },
    { description: text, inputSchema: jsonObject, strict: fc.boolean(), cacheControl, extras },
  ),
  jsonObject.map((value): Tool => ({
    type: 'vendor',
    format: 'openai-chat',
    kind: 'custom',
    value: { ...value, type: 'custom' },
  })),
);

const toolChoice: fc.Arbitrary<ToolChoice> = fc.oneof(
  fc.record({ type: fc.constantFrom('auto', 'none', 'required') }),
  fc.record({ type: always('tool'), name }),
);

const outputFormat: fc.Arbitrary<OutputFormat> = fc.oneof(
  fc.record({ type: fc.constantFrom('text', 'json') }),
  some({ type: always('json-schema'), name, schema: jsonObject }, { description: text, strict: fc.boolean(), extras }),
);

const settings = some(
  { model: someText, messages: fc.array(message, { minLength: 1, maxLength: 4 }).map(apart) },
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
    reasoning: fc.record({ effort: someText }),
    candidateCount: fc.integer({ min: 1, max: 4 }),
    endUserId: text,
  },
);

const toolSettings = fc.option(
  some({ tools: fc.array(tool, { minLength: 1, maxLength: 2 }) }, { toolChoice, parallelToolCalls: fc.boolean() }),
  { nil: {} },
);

/** A request as OpenAI's dialect can say it whole: encoded and decoded it must come back as it was. */
export const chatRequest: fc.Arbitrary<GenerationRequest> = fc
  .tuple(settings, toolSettings, fc.boolean(), fc.option(unknownMembers, { nil: {} }))
  .map(([said, tools, stream, unknown]) => {
    const members = stream ? { ...unknown, stream_options: { include_usage: true } } : unknown;
    return {
      ...said,
      ...tools,
      stream,
      streamUsage: stream,
      ...(Object.keys(members).length > 0 && { extras: { 'openai-chat': members } }),
    };
  });
