import { readFileSync } from 'node:fs';

import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { isObject, objectOf, textOf } from '@patchbay/llm/wire/read';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { memberOf, objectsOf } from '../asked.ts';

const PUBLISHED = new URL('./openai-schemas.json', import.meta.url);

/** Names of the schemas that what we write is held to. */
export type OpenAiSchema =
  | 'CreateChatCompletionResponse'
  | 'CreateChatCompletionStreamResponse'
  | 'Response'
  | 'ResponseStreamEvent'
  | 'ErrorResponse';

/** Says what in a value is not as OpenAI's published description has it; empty when all is. */
export type OpenAiCheck = (name: OpenAiSchema, value: Json) => readonly string[];

/** Makes the check; compiles each schema once it is asked for. */
export function openAiCheck(): OpenAiCheck {
  const document = mended(JSON.parse(readFileSync(PUBLISHED, 'utf8')) as JsonObject);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(document, 'openai');
  const events = eventNames(document);
  const compiled = new Map<string, ValidateFunction>();
  return (name, value) => {
    const schema = name === 'ResponseStreamEvent' ? events.get(textOf(objectOf(value)?.['type']) ?? '') : name;
    if (schema === undefined) return [`no event is called ${JSON.stringify(objectOf(value)?.['type'])}`];
    const validate = compiled.get(schema) ?? ajv.compile({ $ref: `openai#/components/schemas/${schema}` });
    compiled.set(schema, validate);
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${schema}${instancePath} ${message ?? ''}`);
  };
}

/** What OpenAI itself writes although its description has no place for it: no usage before the end of a response. */
function mended(document: JsonObject): JsonObject {
  const schemas = memberOf(memberOf(document, 'components'), 'schemas');
  const parts = objectsOf(memberOf(schemas, 'Response')['allOf']);
  const own = parts.at(-1);
  const properties = memberOf(own, 'properties');
  const usage = { anyOf: [properties['usage'] ?? {}, { type: 'null' }] };
  const Response = { allOf: [...parts.slice(0, -1), { ...own, properties: { ...properties, usage } }] };
  return { ...document, components: { schemas: { ...schemas, Response } } };
}

/** The schema of each event by its `type`: a union of fifty would name fifty errors for one. */
function eventNames(document: JsonObject): ReadonlyMap<string, string> {
  const schemas = objectOf(objectOf(document['components'])?.['schemas']) ?? {};
  const union = objectsOf(objectOf(schemas['ResponseStreamEvent'])?.['anyOf']);
  const names = union.map(({ $ref }) => (textOf($ref) ?? '').split('/').at(-1) ?? '');
  return new Map(
    names.map((name) => {
      const type = objectOf(objectOf(objectOf(schemas[name])?.['properties'])?.['type']);
      const words = isObject(type) ? (type['const'] ?? (type['enum'] as readonly Json[] | undefined)?.[0]) : undefined;
      return [textOf(words) ?? name, name];
    }),
  );
}
