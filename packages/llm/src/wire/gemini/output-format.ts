import type { JsonObject } from '../../model/json.ts';
import type { OutputFormat } from '../../model/request.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { objectOf, unknownMembers } from '../read.ts';
import { wanted } from '../refusal.ts';
import type { GeminiDialect } from './dialect.ts';
import { schemaFromWire, schemaToWire } from './schema.ts';

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain';

/** The answer's shape, and what `generationConfig` says beside it. */
export interface DecodedFormat {
  readonly format: OutputFormat | undefined;
  readonly rest: JsonObject | undefined;
}

/** Takes `responseMimeType` and the schemas out of a `generationConfig`; types that only Gemini has stay in it. */
export function decodeFormat(config: JsonObject): DecodedFormat {
  const at = (name: string): string => `generationConfig.${name}`;
  const type = wanted(config, 'responseMimeType', 'string', at('responseMimeType')) ?? undefined;
  const schema = objectOf(wanted(config, 'responseJsonSchema', 'object', at('responseJsonSchema')));
  const older = objectOf(wanted(config, 'responseSchema', 'object', at('responseSchema')));
  const without = (...names: string[]): JsonObject | undefined => unknownMembers(config, new Set(names));
  if (schema === undefined && older === undefined) {
    if (type === JSON_TYPE) return { format: { type: 'json' }, rest: without('responseMimeType') };
    if (type === TEXT_TYPE) return { format: { type: 'text' }, rest: without('responseMimeType') };
  }
  // A choice among words (`text/x.enum`) also has a schema, but is no JSON.
  if (type !== undefined && type !== JSON_TYPE) return { format: undefined, rest: without() };
  if (schema !== undefined)
    return { format: { type: 'json-schema', schema }, rest: without('responseMimeType', 'responseJsonSchema') };
  if (older === undefined) return { format: undefined, rest: without() };
  // The older form goes back as it came; for other formats the schema made of it says the same.
  const format: OutputFormat = {
    type: 'json-schema',
    schema: schemaFromWire(older),
    extras: { gemini: { responseSchema: older } },
  };
  return { format, rest: without('responseMimeType', 'responseSchema') };
}

/** Writes the members of `generationConfig` that give an answer its shape. */
export function encodeFormat(format: OutputFormat, dialect: GeminiDialect, losses: Loss[]): JsonObject {
  if (format.type === 'text') return { responseMimeType: TEXT_TYPE };
  if (format.type === 'json') return { responseMimeType: JSON_TYPE };
  losses.push(...foreignExtras(format.extras, 'gemini', 'outputFormat'), ...besideSchema(format));
  return { responseMimeType: JSON_TYPE, ...schemaMember(format, dialect) };
}

function schemaMember(
  { schema, extras }: OutputFormat & { type: 'json-schema' },
  { jsonSchema }: GeminiDialect,
): JsonObject {
  const own = extras?.gemini;
  if (own?.['responseSchema'] !== undefined) return own;
  return jsonSchema === false
    ? { responseSchema: schemaToWire(schema), ...own }
    : { responseJsonSchema: schema, ...own };
}

/** Gemini names no schema, describes none and holds every answer to its own. */
const BESIDE = [
  ['name', 'name of a schema', 'dropped'],
  ['description', 'description of a schema', 'dropped'],
  ['strict', '`strict` of a schema', 'approximated'],
] as const;

const besideSchema = (format: OutputFormat & { type: 'json-schema' }): readonly Loss[] =>
  BESIDE.filter(([name]) => format[name] !== undefined).map(([name, what, instead]) => ({
    path: `outputFormat.${name}`,
    what,
    instead,
  }));
