import type { TypeName } from './keywords.ts';

/**
 * Who is to read a schema. `gemini`: Google's `Schema` (`parameters`, `responseSchema`), a part of OpenAPI 3.0.
 * `openai-strict`: the part of JSON Schema that OpenAI holds answers to when `strict` is on. `anthropic-strict`: the part that Anthropic
 * holds answers and strict tools to. `plain`: JSON Schema for servers that know its words but follow no references and
 * merge nothing.
 */
export type SchemaTarget = 'gemini' | 'openai-strict' | 'anthropic-strict' | 'plain';

/** What a target that knows only some words of JSON Schema takes. Every schema in it has exactly one meaning of `type`. */
export interface Subset {
  /** Keywords that stay as they are, besides those that all subsets are made of. */
  readonly keep: ReadonlySet<string>;
  /** Formats by type; any other is told in the description. */
  readonly formats: { readonly [Type in TypeName]?: ReadonlySet<string> };
  /** How `null` is let in: by OpenAPI's mark, or as one more type. */
  readonly nullAs: 'nullable' | 'type';
  /** True where nothing at all may stand beside `anyOf`. */
  readonly unionAlone: boolean;
  /** True where every object names all its members and forbids others. */
  readonly closedObjects: boolean;
  /** True where every object also requires all its members. */
  readonly requiresAll: boolean;
  /** True where only texts that say something can be listed in `enum`. */
  readonly enumOfTexts: boolean;
}

/**
 * The targets that are subsets. Gemini refuses any word it does not know, other formats of text than `date-time`
 * ("only 'enum' and 'date-time' are supported"), lists in `type`, `enum` of other values than texts, lists without
 * `items`, and on Vertex anything beside `anyOf` ("it must be the only field set"). OpenAI's strict mode refuses words
 * outside its guide "Supported schemas", `default` and lengths of texts among them; Anthropic refuses bounds of numbers,
 * texts and lists and objects that may have other members ("JSON Schema limitations"; all as of 2026-09).
 */
export const SUBSETS: Readonly<Record<Exclude<SchemaTarget, 'plain'>, Subset>> = {
  gemini: {
    keep: new Set([
      'title',
      'default',
      'minLength',
      'maxLength',
      'pattern',
      'minimum',
      'maximum',
      'minItems',
      'maxItems',
      'minProperties',
      'maxProperties',
      'propertyOrdering',
    ]),
    formats: {
      string: new Set(['date-time', 'enum']),
      number: new Set(['float', 'double']),
      integer: new Set(['int32', 'int64']),
    },
    nullAs: 'nullable',
    unionAlone: true,
    closedObjects: false,
    requiresAll: false,
    enumOfTexts: true,
  },
  'openai-strict': {
    keep: new Set([
      'title',
      'pattern',
      'minimum',
      'maximum',
      'exclusiveMinimum',
      'exclusiveMaximum',
      'multipleOf',
      'minItems',
      'maxItems',
    ]),
    formats: {
      string: new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid']),
    },
    nullAs: 'type',
    unionAlone: false,
    closedObjects: true,
    requiresAll: true,
    enumOfTexts: false,
  },
  'anthropic-strict': {
    keep: new Set(['title', 'default']),
    formats: {
      string: new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']),
    },
    nullAs: 'type',
    unionAlone: false,
    closedObjects: true,
    requiresAll: false,
    enumOfTexts: false,
  },
};
