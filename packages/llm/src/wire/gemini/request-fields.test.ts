import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type {
  Blob as InlineData,
  Content,
  FileData,
  FunctionCall,
  FunctionCallingConfig,
  FunctionDeclaration,
  FunctionResponse,
  GenerationConfig,
  Part,
  Schema,
  ThinkingConfig,
  Tool,
  ToolConfig,
} from '@google/genai';

import type { Json, JsonObject } from '../../model/json.ts';
import { unheard, type Crossing } from '../../testing/unheard.ts';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { openAiChat } from '../openai-chat/index.ts';
import { schemaFromWire, schemaToWire } from './schema.ts';
import { gemini } from './index.ts';

// Everything that the official types can say, member by member: the compiler finds what a newer client adds.

/** A value for every member; what is inside of those that only Gemini has is opaque to us. */
type EveryMember<T> = { readonly [Name in keyof T]-?: Json };

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };
const OLDER = { type: 'OBJECT', properties: { city: { type: 'STRING' } } };

const CALL: EveryMember<FunctionCall> = {
  id: 'call_a',
  name: 'look_up',
  args: { city: 'Oslo' },
  partialArgs: [{ jsonPath: '$.city' }],
  willContinue: false,
};
const RESULT: EveryMember<FunctionResponse> = {
  id: 'call_a',
  name: 'look_up',
  response: { output: 'rain' },
  parts: [{ inlineData: { mimeType: 'image/png', data: 'aGk=' } }],
  scheduling: 'SILENT',
  willContinue: false,
};
const BLOB: EveryMember<InlineData> = { mimeType: 'image/png', data: 'aGk=', displayName: 'a' };
const FILE: EveryMember<FileData> = { mimeType: 'image/png', fileUri: 'https://a.example/b', displayName: 'a' };

const { partialArgs: _, ...PLAIN_CALL } = CALL as JsonObject;

/** Members of a part, each in a part of its own; those that only say something about others stand beside a text. */
const PARTS: EveryMember<Part> = {
  text: 'a',
  thought: true,
  thoughtSignature: 'c2ln',
  inlineData: BLOB,
  fileData: FILE,
  functionCall: PLAIN_CALL,
  functionResponse: RESULT,
  executableCode: { language: 'PYTHON', code: 'print(1)' },
  codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' },
  toolCall: { toolType: 'GOOGLE_SEARCH_WEB', args: {} },
  toolResponse: { toolType: 'GOOGLE_SEARCH_WEB', response: {} },
  audioTranscription: { text: 'a' },
  videoMetadata: { fps: 1 },
  mediaResolution: { level: 'MEDIA_RESOLUTION_LOW' },
  mediaProcessing: { a: 1 },
  partMetadata: { a: 1 },
  speechMetadata: { a: 1 },
};
const BESIDE_TEXT = new Set<string>([
  'thought',
  'thoughtSignature',
  'videoMetadata',
  'mediaResolution',
  'mediaProcessing',
  'partMetadata',
  'speechMetadata',
]);

const CONTENT: EveryMember<Content> = { role: 'user', parts: [{ text: 'hi' }] };

const DECLARATION: EveryMember<FunctionDeclaration> = {
  name: 'look_up',
  description: 'Looks it up.',
  parametersJsonSchema: SCHEMA,
  parameters: OLDER,
  response: OLDER,
  responseJsonSchema: SCHEMA,
  behavior: 'BLOCKING',
};
const { parameters: __, ...NEWER } = DECLARATION;
const { parametersJsonSchema: ___, ...OLDEST } = DECLARATION;

const TOOLS: EveryMember<Tool> = {
  functionDeclarations: [NEWER, { ...OLDEST, name: 'send' }],
  googleSearch: { a: 1 },
  googleSearchRetrieval: { a: 1 },
  googleMaps: { a: 1 },
  codeExecution: { a: 1 },
  urlContext: { a: 1 },
  fileSearch: { a: 1 },
  computerUse: { a: 1 },
  enterpriseWebSearch: { a: 1 },
  exaAiSearch: { a: 1 },
  parallelAiSearch: { a: 1 },
  mcpServers: [{ name: 'a' }],
  retrieval: { a: 1 },
};

const CALLING: EveryMember<FunctionCallingConfig> = {
  mode: 'VALIDATED',
  allowedFunctionNames: ['look_up', 'send'],
  streamFunctionCallArguments: true,
};
const TOOL_CONFIG: EveryMember<ToolConfig> = {
  functionCallingConfig: CALLING as Json,
  retrievalConfig: { languageCode: 'en' },
  includeServerSideToolInvocations: true,
};

const THINKING: EveryMember<ThinkingConfig> = { includeThoughts: false, thinkingBudget: 512, thinkingLevel: 'LOW' };

const CONFIG: EveryMember<GenerationConfig> = {
  maxOutputTokens: 50,
  temperature: 0.2,
  topP: 0.9,
  topK: 4,
  seed: 1,
  presencePenalty: 0.1,
  frequencyPenalty: 0.2,
  candidateCount: 2,
  stopSequences: ['END'],
  responseMimeType: 'application/json',
  responseSchema: OLDER,
  responseJsonSchema: SCHEMA,
  responseFormat: [{ a: 1 }],
  thinkingConfig: THINKING as Json,
  responseModalities: ['IMAGE'],
  responseLogprobs: true,
  logprobs: 3,
  mediaResolution: 'MEDIA_RESOLUTION_LOW',
  speechConfig: { a: 1 },
  audioTimestamp: true,
  audioTranscriptionConfig: { a: 1 },
  enableAffectiveDialog: true,
  enableEnhancedCivicAnswers: true,
  modelSelectionConfig: { a: 1 },
  routingConfig: { a: 1 },
  translationConfig: { a: 1 },
};

/** Members of a request that are not in the configuration of the official clients under the same name. */
const TOP: JsonObject = {
  systemInstruction: { role: 'user', parts: [{ text: 'terse' }] },
  safetySettings: [{ category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'BLOCK_NONE' }],
  cachedContent: 'cachedContents/a',
  labels: { team: 'a' },
  serviceTier: 'flex',
};

const partOf = (name: string): JsonObject => ({
  ...(BESIDE_TEXT.has(name) && { text: 'a' }),
  [name]: PARTS[name as keyof typeof PARTS],
});
const spokenBy = (role: string, parts: readonly JsonObject[]): JsonObject => ({ contents: [CONTENT, { role, parts }] });

const FUNCTIONS = { functionDeclarations: TOOLS.functionDeclarations };

/** Requests that say one thing each, by its name. */
const REQUESTS: Readonly<Record<string, JsonObject>> = {
  ...Object.fromEntries(Object.entries(TOP).map(([name, value]) => [name, { [name]: value }])),
  ...Object.fromEntries(
    Object.keys(PARTS).map((name) => [
      `part ${name}`,
      spokenBy(name === 'functionResponse' || name === 'inlineData' ? 'user' : 'model', [
        // Whoever answers a call was called.
        ...(name === 'functionResponse' ? [] : [{ text: 'b' }]),
        partOf(name),
      ]),
    ]),
  ),
  ...Object.fromEntries(Object.entries(TOOLS).map(([name, value]) => [`tool ${name}`, { tools: [{ [name]: value }] }])),
  ...Object.fromEntries(
    Object.entries(TOOL_CONFIG).map(([name, value]) => [
      `toolConfig.${name}`,
      { tools: [FUNCTIONS], toolConfig: { [name]: value } },
    ]),
  ),
  ...Object.fromEntries(
    ['AUTO', 'NONE', 'ANY', 'VALIDATED'].map((mode) => [
      `mode ${mode}`,
      { tools: [FUNCTIONS], toolConfig: { functionCallingConfig: { mode } } },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(CONFIG).map(([name, value]) => [
      `generationConfig.${name}`,
      {
        generationConfig: {
          [name]: value,
          ...(name.endsWith('Schema') && { responseMimeType: 'application/json' }),
        },
      },
    ]),
  ),
};

/** Google says model and stream in the address. */
const from: ClientCodec = {
  ...gemini,
  decodeRequest: (body) => gemini.decodeRequest(body, { model: 'm', stream: false }),
};
const crossing = (to: UpstreamCodec<object>, dialect: object = {}): Crossing => ({ from, to, dialect });

/** Places that ask for what happens anyhow, or whose meaning is in what stands beside them. */
const NOTHING_ASKED: readonly RegExp[] = [
  // Every content is somebody's, a call without arguments has none, a result answers the call before it.
  /^contents\[\d+\]\.role: "user"$/,
  /^systemInstruction\.role: /,
  /\.functionCall\.args$/,
  /\.functionResponse\.(?:name: .*|response)$/,
  // Whole calls do not go on; and the first and the last of two texts are texts.
  /\.willContinue: false$/,
  // A schema of any spelling is an object's, and the newer one counts.
  /\.type: "/,
  /\.(?:parameters|responseSchema|parametersJsonSchema)$/,
  // One configuration may be empty, and any function may be called unless something else is said.
  /^(?:toolConfig|generationConfig|tools\[0\])$/,
  /functionCallingConfig(?:\.mode: "AUTO")?$/,
];

/** Named as lost as a whole, whatever they hold. */
const LOST_WHOLE: readonly RegExp[] = [
  /\.(?:executableCode|codeExecutionResult|toolCall|toolResponse|audioTranscription)(?:\.|$)/,
  /\.functionCallingConfig\.(?:allowedFunctionNames|streamFunctionCallArguments)/,
  // What is behind an address is looked at there.
  /\.fileData\.mimeType/,
];

const TARGETS: readonly (readonly [string, Crossing, readonly RegExp[]])[] = [
  ['gemini', crossing(gemini), []],
  ['openai-chat', crossing(openAiChat, { reasoningField: 'reasoning_content' }), LOST_WHOLE],
  ['anthropic-messages', crossing(anthropicMessages), LOST_WHOLE],
];

for (const [name, target, elsewhere] of TARGETS)
  describe(`every member of a Gemini request sent on in ${name}`, () => {
    for (const [member, body] of Object.entries(REQUESTS))
      it(`is carried or named as lost: ${member}`, () => {
        const places = unheard({ contents: [CONTENT], ...body } as JsonObject, target);
        const patterns = [...NOTHING_ASKED, ...elsewhere];
        assert.deepEqual(
          places.filter((place) => !patterns.some((each) => each.test(place))),
          [],
        );
      });
  });

describe('a request of Google’s older schemas', () => {
  it('says every word of them as JSON Schema', () => {
    const every: EveryMember<Schema> = {
      type: 'STRING',
      format: 'enum',
      title: 'a',
      description: 'b',
      nullable: true,
      enum: ['a'],
      default: 'a',
      example: 'a',
      pattern: 'a',
      items: { type: 'INTEGER' },
      minItems: '1',
      maxItems: '2',
      properties: { a: { type: 'BOOLEAN' } },
      required: ['a'],
      minProperties: '1',
      maxProperties: '2',
      minLength: '1',
      maxLength: '2',
      minimum: 1,
      maximum: 2,
      anyOf: [{ type: 'NULL' }],
      propertyOrdering: ['a'],
    };
    const { nullable: ____, ...words } = every as JsonObject;
    const schema = schemaFromWire(every as JsonObject);
    assert.deepEqual(schema, {
      ...words,
      type: ['string', 'null'],
      enum: ['a', null],
      items: { type: 'integer' },
      properties: { a: { type: 'boolean' } },
      anyOf: [{ type: 'null' }],
      minItems: 1,
      maxItems: 2,
      minProperties: 1,
      maxProperties: 2,
      minLength: 1,
      maxLength: 2,
    });
    assert.deepEqual(schemaToWire(schema)['type'], 'STRING');
    assert.deepEqual(schemaToWire(schema)['nullable'], true);
  });

  it('nests as deep as it likes', () => {
    let deep: JsonObject = { type: 'STRING' };
    for (let depth = 0; depth < 20_000; depth += 1) deep = { type: 'ARRAY', items: deep };
    const body = { contents: [CONTENT], tools: [{ functionDeclarations: [{ name: 'f', parameters: deep }] }] };
    const request = from.decodeRequest(body as JsonObject);
    assert.ok(request.ok);
    assert.ok(gemini.encodeRequest(request.value, { jsonSchema: false }).ok);
  });
});
