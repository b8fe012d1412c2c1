import type { Json } from '../../model/json.ts';
import { jsonText } from './json-size.ts';

/** Longer values are not told: a description is read by the model with every request. */
const NOTE_MAX = 200;

/** Words that a target refuses and a model understands when they are told in the description. */
const TOLD = new Set([
  'enum',
  'default',
  'examples',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'propertyNames',
  'patternProperties',
  'additionalProperties',
  'dependentRequired',
  'not',
  'anyOf',
  'contentEncoding',
  'contentMediaType',
  'deprecated',
]);

/** What a description tells in place of a keyword; `undefined` for what is too long or is not worth telling. */
export function noteText(keyword: string, value: Json): string | undefined {
  const text = TOLD.has(keyword) ? jsonText(value, NOTE_MAX) : undefined;
  // Behind a reference there is more than a description can tell.
  return text === undefined || text.includes('"$ref"') ? undefined : `${keyword}: ${text}`;
}
