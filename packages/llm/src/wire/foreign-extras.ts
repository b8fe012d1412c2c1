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
  'openai-responses': { vendor: 'OpenAI', inPart: new Set(['reasoning', 'text', 'stream_options']) },
  gemini: { vendor: 'Gemini', inPart: new Set(['generationConfig', 'toolConfig', 'thinkingConfig']) },
  'bedrock-converse': { vendor: 'Bedrock', inPart: new Set(['inferenceConfig', 'toolConfig', 'toolUse']) },
  'ollama-chat': { vendor: 'Ollama', inPart: new Set(['options']) },
};

/** Wishes that any format meets without being asked: by name, the values that are met. */
const MET: Readonly<Record<string, (value: Json | undefined) => boolean>> = {
  // A stream of another format counts its tokens and has no padding whether it is asked or not.
  'stream_options.include_usage': () => true,
  'stream_options.include_obfuscation': (value) => value === false,
  'image_url.detail': (value) => value === 'auto',
  // Anthropic's name for a tool that the caller runs, as every function of the model is.
  type: (value) => value === 'custom',
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
