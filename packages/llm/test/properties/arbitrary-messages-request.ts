import fc from 'fast-check';
import type { Message } from '../../src/model/message.ts';
import type { MediaPart, Part, TextPart, ToolResultPart } from '../../src/model/part.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../src/model/request.ts';
import type { Tool } from '../../src/model/tool.ts';
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
  word,
} from './arbitrary-values.ts';

const always = fc.constant;
const extras = extrasOf('anthropic-messages');
const besides = { cacheControl, extras };

const textPart: fc.Arbitrary<TextPart> = some({ type: always('text'), text: someText }, besides);
const byPlace = fc.oneof(
  fc.record({ kind: always('url'), url: text }),
  fc.record({ kind: always('file'), fileId: text }),
);
const image: fc.Arbitrary<MediaPart> = fc.oneof(
  some({ type: always('media'), mediaType: always('image/*'), source: byPlace }, besides),
  some(
    {
      type: always('media'),
      mediaType: fc.constantFrom('image/png', 'image/webp'),
      source: fc.record({ kind: always('base64'), data: base64 }),
    },
    besides,
  ),
);
const titled = { ...besides, filename: text };
const document: fc.Arbitrary<MediaPart> = fc.oneof(
  some({ type: always('media'), mediaType: always('application/pdf'), source: byPlace }, titled),
  some(
    {
      type: always('media'),
      mediaType: always('application/pdf'),
      source: fc.record({ kind: always('base64'), data: base64 }),
    },
    titled,
  ),
  some(
    {
      type: always('media'),
      mediaType: always('text/plain'),
      source: fc.record({ kind: always('text'), text }),
    },
    titled,
  ),
);
const vendorPart: fc.Arbitrary<Part> = fc.tuple(jsonObject, fc.option(cacheControl)).map(([value, breakpoint]) => ({
  type: 'vendor',
  format: 'anthropic-messages',
  kind: 'server_tool_use',
  value: { ...value, type: 'server_tool_use', ...(breakpoint !== null && { cache_control: breakpoint }) },
}));
/** Anthropic takes no other characters. */
const callId = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const toolCall: fc.Arbitrary<Part> = some(
  { type: always('tool-call'), id: callId, name, argumentsJson: jsonObject.map((input) => JSON.stringify(input)) },
  besides,
);
const reasoning: fc.Arbitrary<Part> = fc.oneof(
  some({ type: always('reasoning'), text, signature: someText }, { extras }),
  some({ type: always('reasoning'), text: always(''), redacted: text }, { extras }),
);
const toolResult: fc.Arbitrary<ToolResultPart> = some(
  {
    type: always('tool-result'),
    toolCallId: callId,
    content: fc.array(fc.oneof(textPart, image, document), { maxLength: 2 }),
    isError: fc.boolean(),
  },
  besides,
);

const parts = (part: fc.Arbitrary<Part>): fc.Arbitrary<readonly Part[]> =>
  fc.array(part, { minLength: 1, maxLength: 3 });

const message: fc.Arbitrary<Message> = fc.oneof(
  some({ role: always('user'), content: parts(fc.oneof(textPart, image, document, vendorPart)) }, { extras }),
  some({ role: always('assistant'), content: parts(fc.oneof(textPart, toolCall, reasoning, vendorPart)) }, { extras }),
  fc.record({ role: always('tool'), content: fc.array(toolResult, { minLength: 1, maxLength: 2 }) }),
  // Instructions in the middle carry a mark, else they would move to the front.
  fc.record({
    role: always('system'),
    audience: always('system'),
    content: parts(textPart),
    extras: fc.option(unknownMembers, { nil: {} }).map((members) => ({ 'anthropic-messages': members })),
  }),
);

/** Adjacent tool messages are one, and what a user says behind results shares their wire message and its members. */
function apart(messages: readonly Message[]): readonly Message[] {
  return messages
    .filter(({ role }, index) => role !== 'tool' || messages[index - 1]?.role !== 'tool')
    .map((each, index, kept): Message => {
      if (each.role !== 'user' || kept[index - 1]?.role !== 'tool') return each;
      return { role: 'user', content: each.content };
    });
}

const leading: fc.Arbitrary<readonly Message[]> = fc.array(
  fc.record({ role: always('system'), audience: always('system'), content: parts(textPart) }),
  { maxLength: 1 },
);

const tool: fc.Arbitrary<Tool> = fc.oneof(
  some(
    { type: always('function'), name, inputSchema: jsonObject },
    { description: text, strict: fc.boolean(), cacheControl, extras },
  ),
  jsonObject.map((value): Tool => ({
    type: 'vendor',
    format: 'anthropic-messages',
    kind: 'bash_20250124',
    value: { ...value, type: 'bash_20250124' },
  })),
);

const toolSettings = fc.option(
  fc.tuple(
    fc.array(tool, { minLength: 1, maxLength: 2 }),
    fc.oneof(
      fc.constant({}),
      fc.record({ toolChoice: fc.record({ type: always('none') }) }),
      some(
        {
          toolChoice: fc.oneof(
            fc.record({ type: fc.constantFrom('auto', 'required') }),
            fc.record({ type: always('tool'), name }),
          ),
        },
        { parallelToolCalls: fc.boolean() },
      ),
    ),
  ),
);

const thinking: fc.Arbitrary<ReasoningSettings> = fc.oneof(
  fc.record({ effort: word, extras: fc.constant({ 'anthropic-messages': {} }) }),
  some(
    { mode: fc.constantFrom('enabled', 'disabled', 'adaptive') },
    { budgetTokens: fc.nat(100_000), effort: word, extras },
  ),
);

const outputFormat: fc.Arbitrary<OutputFormat> = some({ type: always('json-schema'), schema: jsonObject }, { extras });

const settings = some(
  {
    model: someText,
    messages: fc
      .tuple(leading, fc.array(message, { minLength: 1, maxLength: 4 }))
      .map(([first, rest]) => [...first, ...apart(rest)]),
    maxOutputTokens: fc.integer({ min: 1, max: 100_000 }),
  },
  {
    topP: fraction,
    topK: fc.nat(100),
    stopSequences: fc.array(word, { maxLength: 2 }),
    outputFormat,
    reasoning: thinking,
    endUserId: text,
    temperature: fraction,
    extras: fc.oneof(
      extras,
      unknownMembers.map((metadata) => ({ 'anthropic-messages': { metadata } })),
      unknownMembers.map((config) => ({ 'anthropic-messages': { output_config: config } })),
    ),
  },
);

/** While the model thinks Anthropic wants the temperature left alone. */
const thinks = (mode: ReasoningSettings['mode']): boolean => mode === 'enabled' || mode === 'adaptive';

/** A request as Anthropic's dialect can say it whole: encoded and decoded it must come back as it was. */
export const messagesRequest: fc.Arbitrary<GenerationRequest> = fc
  .tuple(settings, toolSettings, fc.boolean())
  .map(([{ temperature, ...said }, tools, stream]) => ({
    ...said,
    ...(temperature !== undefined && !thinks(said.reasoning?.mode) && { temperature }),
    ...(tools !== null && { tools: tools[0], ...tools[1] }),
    stream,
    streamUsage: true,
  }));
