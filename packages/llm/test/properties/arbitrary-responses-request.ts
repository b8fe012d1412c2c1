import fc from 'fast-check';

import type { Extras } from '../../src/model/extras.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Message } from '../../src/model/message.ts';
import type { MediaPart, Part, TextPart, ToolResultPart } from '../../src/model/part.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../src/model/request.ts';
import type { FunctionTool, Tool } from '../../src/model/tool.ts';
import { customSchema } from '../../src/wire/openai-responses/custom-input.ts';
import {
  base64,
  cacheControl,
  extrasOf,
  fraction,
  jsonObject,
  some,
  someText,
  text,
  unknownMembers,
  word,
} from './arbitrary-values.ts';

const always = fc.constant;
const OWN = 'openai-responses';
const own = (members: JsonObject): Extras => ({ [OWN]: members });
const extras = extrasOf(OWN);
const besides = { cacheControl, extras };
/** What an item says of itself. */
const members = some({}, { id: word, status: fc.constantFrom('completed', 'incomplete'), x_three: text });
const ofItem = members.map((item): Extras => own({ item }));
const ofNamedItem = members.filter((item) => Object.keys(item).length > 0).map((item): Extras => own({ item }));

const textPart: fc.Arbitrary<TextPart> = some({ type: always('text'), text }, besides);
const image: fc.Arbitrary<MediaPart> = some(
  {
    type: always('media'),
    mediaType: always('image/*'),
    source: fc.oneof(
      fc.record({ kind: always('url'), url: fc.webUrl({ size: 'xsmall' }) }),
      fc.record({ kind: always('file'), fileId: text }),
    ),
  },
  besides,
);
const document: fc.Arbitrary<MediaPart> = fc.oneof(
  some(
    {
      type: always('media'),
      mediaType: fc.constantFrom('application/pdf', 'text/csv'),
      source: fc.record({ kind: always('base64'), data: base64 }),
      filename: text,
    },
    besides,
  ),
  some(
    {
      type: always('media'),
      mediaType: always('application/*'),
      source: fc.oneof(
        fc.record({ kind: always('url'), url: fc.webUrl({ size: 'xsmall' }) }),
        fc.record({ kind: always('file'), fileId: text }),
      ),
    },
    { ...besides, filename: text },
  ),
);
const picture: fc.Arbitrary<MediaPart> = some(
  {
    type: always('media'),
    mediaType: always('image/png'),
    source: fc.record({ kind: always('base64'), data: base64 }),
  },
  besides,
);
const otherContent = jsonObject.map((value): Part => ({
  type: 'vendor',
  format: OWN,
  kind: 'x_part',
  value: { ...value, type: 'x_part' },
}));
const spoken = fc.array(fc.oneof(textPart, image, document, picture, otherContent), { minLength: 1, maxLength: 3 });

/** An item that only this format has. */
const otherItem = (kind: string): fc.Arbitrary<Part> =>
  jsonObject.map((value) => ({
    type: 'vendor',
    format: OWN,
    kind,
    value: { ...value, id: 'x', type: kind },
    extras: own({ item: {} }),
  }));

/** Parts of one message: only the first may say something of it. */
const said: fc.Arbitrary<readonly Part[]> = fc
  .tuple(
    fc.array(fc.oneof(textPart, some({ type: always('refusal'), text }, { extras })), { minLength: 1, maxLength: 2 }),
    fc.option(members.filter((item) => Object.keys(item).length > 0)),
  )
  .map(([parts, item]) =>
    parts.map((part, index): Part =>
      index > 0 || item === null ? part : { ...part, extras: own({ ...part.extras?.[OWN], item }) },
    ),
  );

const reasoning: fc.Arbitrary<Part> = fc.oneof(
  some({ type: always('reasoning'), text, signature: someText, extras: ofItem }, {}),
  some({ type: always('reasoning'), text: always(''), redacted: someText, extras: ofItem }, {}),
  fc.record({
    type: always('reasoning'),
    text: someText,
    extras: members.map((item) => own({ item: { ...item, content: [] } })),
  }),
);

/** The names of the tools that may be offered, and how each is called. */
const TOOL_NAMES = ['look_up', 'functions__look_up', 'paint', 'deploy'] as const;
const CALLS: Readonly<Record<(typeof TOOL_NAMES)[number], JsonObject>> = {
  look_up: {},
  // The bare name is taken by the one before.
  functions__look_up: { namespace: 'functions' },
  paint: { type: 'custom_tool_call' },
  deploy: { type: 'custom_tool_call', namespace: 'functions' },
};

const toolCall: fc.Arbitrary<Part> = fc
  .tuple(fc.constantFrom(...TOOL_NAMES), text, text, members)
  .map(([name, id, input, item]): Part => {
    const all = { ...item, ...CALLS[name] };
    const argumentsJson = CALLS[name]['type'] === undefined ? input : JSON.stringify({ input });
    const extra = Object.keys(all).length > 0 ? { extras: own({ item: all }) } : {};
    return { type: 'tool-call', id, name, argumentsJson, ...extra };
  });

const toolResult: fc.Arbitrary<ToolResultPart> = some(
  {
    type: always('tool-result'),
    toolCallId: text,
    content: fc.array(fc.oneof(textPart, image), { minLength: 1, maxLength: 2 }),
    isError: always(false),
  },
  { cacheControl, extras: fc.oneof(ofNamedItem, always(own({ item: { type: 'custom_tool_call_output' } }))) },
);

/** One turn of the model: adjacent messages tell by what they say of themselves where one ends. */
const turn = fc
  .array(
    fc.oneof(said, ...[reasoning, toolCall, otherItem('web_search_call')].map((one) => one.map((part) => [part]))),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((groups) =>
    groups.flatMap((group, index): readonly Part[] => {
      const [first, ...rest] = group;
      const adjoins = groups[index - 1]?.some(({ type }) => type === 'text' || type === 'refusal') === true;
      const speaks = first?.type === 'text' || first?.type === 'refusal';
      if (first === undefined || !adjoins || !speaks || first.extras?.[OWN]?.['item'] !== undefined) return group;
      return [{ ...first, extras: own({ ...first.extras?.[OWN], item: {} }) }, ...rest];
    }),
  );

const message: fc.Arbitrary<Message> = fc.oneof(
  some(
    { role: always('system'), audience: fc.constantFrom('system', 'developer'), content: spoken },
    { extras: ofNamedItem },
  ),
  some({ role: always('user'), content: spoken }, { extras: ofNamedItem }),
  fc.record({ role: always('user'), content: otherItem('computer_call_output').map((part) => [part]) }),
  fc.record({ role: always('assistant'), content: turn }),
  fc.record({ role: always('tool'), content: fc.array(toolResult, { minLength: 1, maxLength: 2 }) }),
);

/** Adjacent turns of the model are one, and so are adjacent results. */
const apart = (messages: readonly Message[]): readonly Message[] =>
  messages.filter(({ role }, index) => !['tool', 'assistant'].includes(role) || messages[index - 1]?.role !== role);

const instructions: fc.Arbitrary<readonly Message[]> = text.map((each) => [
  { role: 'system', audience: 'system', content: [{ type: 'text', text: each }] },
]);

/** Without instructions a bare system message in front needs a mark, else it would be taken for them. */
const marked = (messages: readonly Message[]): readonly Message[] =>
  messages.map((each, index): Message => {
    const bare = each.role === 'system' && each.audience === 'system' && each.extras === undefined;
    return index === 0 && bare ? { ...each, extras: own({ item: {} }) } : each;
  });

const conversation = fc
  .tuple(fc.option(instructions), fc.array(message, { minLength: 1, maxLength: 4 }))
  .map(([first, rest]) => (first === null ? withoutNeedlessMarks(marked(apart(rest))) : [...first, ...apart(rest)]));

/** Only one bare text looks like instructions. */
const withoutNeedlessMarks = (messages: readonly Message[]): readonly Message[] =>
  messages.map((each, index) => {
    const [only, ...more] = each.content;
    const item = each.extras?.[OWN]?.['item'];
    const needed =
      only?.type === 'text' && more.length === 0 && only.cacheControl === undefined && only.extras === undefined;
    if (index > 0 || item === undefined || Object.keys(item as object).length > 0 || needed) return each;
    const { extras: _, ...bare } = each;
    return bare as Message;
  });

const settings = { description: text, cacheControl };
const custom = (name: string, extra: JsonObject): fc.Arbitrary<FunctionTool> =>
  some(
    {
      type: always('function'),
      name: always(name),
      inputSchema: always(customSchema(undefined)),
      extras: always(own({ type: 'custom', ...extra })),
    },
    settings,
  );
const functionTool = (name: string, extra: JsonObject): fc.Arbitrary<FunctionTool> =>
  some(
    { type: always('function'), name: always(name) },
    {
      ...settings,
      inputSchema: jsonObject,
      strict: fc.boolean(),
      extras: unknownMembers.map((x) => own({ ...x, ...extra })),
    },
  ).map((tool): FunctionTool =>
    Object.keys(extra).length === 0 || tool.extras !== undefined ? tool : { ...tool, extras: own(extra) },
  );

const NAMESPACE = { name: 'functions', description: 'All of them.' };

/** The tools of a request, wherever they stand. */
const tools = fc
  .tuple(
    functionTool('look_up', {}),
    custom('paint', {}),
    functionTool('functions__look_up', { namespace: NAMESPACE }),
    custom('deploy', { namespace: NAMESPACE }),
    jsonObject.map((value): Tool => ({
      type: 'vendor',
      format: OWN,
      kind: 'web_search',
      value: { ...value, type: 'web_search' },
    })),
    fc.boolean(),
  )
  .map(([first, second, third, fourth, hosted, hidden]): readonly Tool[] => {
    const place = { additional: { at: 0, role: 'developer', id: 'at_a' } };
    const moved = [third, fourth].map((tool) =>
      hidden ? { ...tool, extras: own({ ...tool.extras?.[OWN], ...place }) } : tool,
    );
    return [first, second, hosted, ...moved];
  });

const choice = fc.oneof(
  fc.record({ type: fc.constantFrom('auto', 'none', 'required') }),
  fc.record({ type: always('tool'), name: fc.constantFrom('look_up', 'paint') }),
);

const outputFormat: fc.Arbitrary<OutputFormat> = fc.oneof(
  fc.record({ type: fc.constantFrom('text', 'json') }),
  some(
    { type: always('json-schema'), name: word, schema: jsonObject },
    { description: text, strict: fc.boolean(), extras },
  ),
);

const thinking: fc.Arbitrary<ReasoningSettings> = fc.oneof(
  fc.record({ effort: word }),
  some({ extras }, { effort: word }),
);

/** A request as OpenAI's Responses can say it whole: encoded and decoded it must come back as it was. */
export const responsesRequest: fc.Arbitrary<GenerationRequest> = fc
  .tuple(
    some(
      { model: someText, messages: conversation },
      {
        toolChoice: choice,
        parallelToolCalls: fc.boolean(),
        maxOutputTokens: fc.integer({ min: 1, max: 100_000 }),
        temperature: fraction,
        topP: fraction,
        outputFormat,
        reasoning: thinking,
        endUserId: text,
      },
    ),
    tools,
    fc.boolean(),
    fc.option(unknownMembers, { nil: {} }),
    fc.option(always({ text: { verbosity: 'low' } }), { nil: {} }),
  )
  .map(([settingsOf, offered, stream, unknown, verbosity]) => ({
    ...settingsOf,
    tools: offered,
    stream,
    streamUsage: true,
    extras: own({ ...unknown, ...verbosity }),
  }));
