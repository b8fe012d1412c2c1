import type { JsonObject } from '../model/json.ts';

/**
 * A schema of any validator that follows https://standardschema.dev, in its own shape, so that the library depends on
 * none. `jsonSchema` is there where the validator can say its schema as JSON Schema.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly jsonSchema?: { readonly input: (options: { readonly target: string }) => Record<string, unknown> };
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a validator says: the value, perhaps changed, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong, and where. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The type of values that a schema gives. */
export type OutputOf<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output'];

/** A value that was checked, or what is wrong with it, in sentences for people and models. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly string[] };

/** True for a schema of a validator; JSON Schema is none. */
export const isStandardSchema = (schema: object): schema is StandardSchema => '~standard' in schema;

/** Checks a value. A validator that throws has refused. */
export async function checkBy<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
): Promise<Checked<Output>> {
  try {
    const result = await schema['~standard'].validate(value);
    if (result.issues === undefined) return { ok: true, value: result.value };
    return { ok: false, issues: result.issues.map(sentenceOf) };
  } catch (error) {
    return { ok: false, issues: [error instanceof Error ? error.message : String(error)] };
  }
}

function sentenceOf({ message, path = [] }: StandardIssue): string {
  const at = path.map((each) => String(typeof each === 'object' ? each.key : each)).join('.');
  return at === '' ? message : `${at}: ${message}`;
}

/** Versions of JSON Schema that we ask for, the best first. */
const DRAFTS = ['draft-2020-12', 'draft-07'] as const;

/** Validators that tell JSON Schema by a method of their own: Zod and ArkType. */
const OWN_METHODS = ['toJSONSchema', 'toJsonSchema'] as const;

/** A schema as JSON Schema, if it can say itself so; the schema itself where it is JSON Schema. */
export function jsonSchemaOf(schema: StandardSchema | JsonObject): JsonObject | undefined {
  if (!isStandardSchema(schema)) return schema;
  const { jsonSchema } = schema['~standard'];
  for (const target of jsonSchema === undefined ? [] : DRAFTS) {
    const said = attempted(() => jsonSchema?.input({ target }));
    if (said !== undefined) return said;
  }
  for (const name of OWN_METHODS) {
    const method: unknown = Reflect.get(schema, name);
    const said =
      typeof method === 'function' ? attempted(() => Reflect.apply(method, schema, []) as object) : undefined;
    if (said !== undefined) return said;
  }
  return undefined;
}

/** Types that no JSON has, such as dates, make validators throw. */
function attempted(say: () => object | undefined): JsonObject | undefined {
  try {
    const said = say();
    if (said === undefined) return undefined;
    // Some providers refuse the name of the draft.
    const { $schema: _, ...schema } = said as Record<string, JsonObject>;
    return schema;
  } catch {
    return undefined;
  }
}
