import type { Extras, WireFormatId } from '../model/extras.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Loss } from './codec.ts';
import { isObject } from './read.ts';

/** How each format is called, and which of its members may be known in part: only the rest of these is in extras. */
const FORMATS: Readonly<Record<WireFormatId, { readonly vendor: string; readonly inPart: ReadonlySet<string> }>> = {
  'openai-chat': {
    vendor: 'OpenAI',
    inPart: new Set([
      'file',
      'function',
      'image_url',
      'input_audio',
      'json_schema',
      'response_format',
      'stream_options',
    ]),
  },
  'anthropic-messages': { vendor: 'Anthropic', inPart: new Set(['metadata', 'output_config', 'source']) },
  'openai-responses': {
    vendor: 'OpenAI',
    inPart: new Set(['reasoning', 'text', 'stream_options', 'item', 'namespace', 'additional']),
  },
  gemini: {
    vendor: 'Gemini',
    inPart: new Set([
      'generationConfig',
      'toolConfig',
      'functionCall',
      'functionResponse',
      'inlineData',
      'fileData',
      'candidate',
      'usageMetadata',
    ]),
  },
  'bedrock-converse': { vendor: 'Bedrock', inPart: new Set(['inferenceConfig', 'toolConfig', 'toolUse']) },
  'ollama-chat': { vendor: 'Ollama', inPart: new Set(['options']) },
};

const isEmptyList = (value: Json | undefined): boolean => Array.isArray(value) && value.length === 0;

/** Wishes that any format meets without being asked: by name, the values that are met. */
const MET: Readonly<Record<string, (value: Json | undefined) => boolean>> = {
  // A stream of another format counts its tokens and has no padding whether it is asked or not.
  'stream_options.include_usage': () => true,
  'stream_options.include_obfuscation': (value) => value === false,
  'image_url.detail': (value) => value === 'auto',
  // Anthropic's name for a tool that the caller runs, as every function of the model is; and OpenAI's names of parts.
  type: (value) => typeof value === 'string' && /^(?:custom|text|(?:input|output)_(?:text|image|file))$/.test(value),
  // How OpenAI's other format calls what was said before and in which form it came: nothing is asked with it.
  'item.id': () => true,
  'item.type': () => true,
  'item.status': (value) => value === 'completed',
  'item.namespace': () => true,
  'item.summary': () => true,
  'item.content': () => true,
  'namespace.name': () => true,
  'additional.at': () => true,
  'additional.id': () => true,
  'additional.role': () => true,
  echo: () => true,
  annotations: isEmptyList,
  logprobs: isEmptyList,
  detail: (value) => value === 'auto',
  // Only this vendor keeps conversations, cuts them short or answers later, and others sign thoughts unasked.
  store: (value) => value === false,
  truncation: (value) => value === 'disabled',
  background: (value) => value === false,
  include: (value) => Array.isArray(value) && value.every((each) => each === 'reasoning.encrypted_content'),
  // What Gemini says twice: whose instructions they are, older forms of schemas, and when an answer was made.
  role: () => true,
  parameters: () => true,
  responseSchema: () => true,
  createTime: () => true,
  safetySettings: (value) => Array.isArray(value) && value.length === 0,
  'generationConfig.responseModalities': (value) => Array.isArray(value) && value.every((each) => each === 'TEXT'),
  // Other vendors show what thoughts there are.
  includeThoughts: (value) => value === true,
};

/** Members that other formats than `own` carried and this one has no place for: one loss each. */
export function foreignExtras(extras: Extras | undefined, own: WireFormatId, path: string): readonly Loss[] {
  if (extras === undefined) return [];
  // The keys are those of the type.
  const formats = (Object.keys(extras) as WireFormatId[]).filter((format) => format !== own);
  return formats.flatMap((format) =>
    unplaced(extras[format] ?? {}, FORMATS[format].inPart).map((name) => ({
      path: `${path}.${name}`,
      what: `${FORMATS[format].vendor}’s \`${name}\``,
      instead: 'dropped' as const,
    })),
  );
}

/** The names of members that ask for something; `null` asks for nothing. */
function unplaced(members: JsonObject, inPart: ReadonlySet<string>): readonly string[] {
  return Object.entries(members).flatMap(([name, value]) => {
    if (value === null || value === undefined || met(name, value)) return [];
    if (!inPart.has(name) || !isObject(value)) return [name];
    return Object.entries(value).flatMap(([inner, each]) => {
      const full = `${name}.${inner}`;
      return each === null || met(full, each) ? [] : [full];
    });
  });
}

const met = (name: string, value: Json | undefined): boolean => Object.hasOwn(MET, name) && MET[name]?.(value) === true;
