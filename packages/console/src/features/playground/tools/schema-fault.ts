type Json = Readonly<Record<string, unknown>>;

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
/** Keywords whose members are schemas, and those whose value is one. */
const MAPS = ['properties', '$defs', 'definitions', 'patternProperties'] as const;
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const;
const SINGLES = ['items', 'additionalProperties', 'not'] as const;
const DEPTH_MAX = 64;

/** What is wrong with a text that is to be the JSON Schema of an object, in a sentence; `undefined` where nothing is. */
export function schemaFault(text: string): string | undefined {
  if (text.trim() === '') return 'Write a JSON Schema.';
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    return `This is no JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (!isObject(schema)) return 'A JSON Schema is an object: { "type": "object", … }.';
  if (schema['type'] !== 'object') return 'The schema must say "type": "object": what it describes is named members.';
  return faultIn(schema, '', 0);
}

/** The object that a text is in JSON; `undefined` for whatever else. */
export function objectIn(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The first fault of a schema and of those within it, with the place where it stands. */
function faultIn(schema: unknown, at: string, depth: number): string | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isObject(schema)) return `${at || 'The schema'}: a schema is an object.`;
  if (depth > DEPTH_MAX) return `${at}: this lies too deep.`;
  return typeFault(schema, at) ?? requiredFault(schema, at) ?? faultWithin(schema, at, depth);
}

function typeFault({ type, enum: values }: Json, at: string): string | undefined {
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const wrong = types.find((each) => typeof each !== 'string' || !TYPES.has(each));
  if (wrong !== undefined)
    return `${placeOf(at, 'type')}: ${JSON.stringify(wrong)} is no type. There are ${[...TYPES].join(', ')}.`;
  if (values !== undefined && (!Array.isArray(values) || values.length === 0))
    return `${placeOf(at, 'enum')}: name one value at least.`;
  return undefined;
}

function requiredFault({ required, properties }: Json, at: string): string | undefined {
  if (required === undefined) return undefined;
  if (!Array.isArray(required) || !required.every((each) => typeof each === 'string'))
    return `${placeOf(at, 'required')}: a list of names.`;
  const known = isObject(properties) ? Object.keys(properties) : [];
  const missing = required.find((name) => !known.includes(name));
  return missing === undefined ? undefined : `${placeOf(at, 'required')}: “${missing}” is not among the properties.`;
}

function faultWithin(schema: Json, at: string, depth: number): string | undefined {
  for (const name of MAPS) {
    const members = schema[name];
    if (members === undefined) continue;
    if (!isObject(members)) return `${placeOf(at, name)}: an object of schemas.`;
    for (const [member, inner] of Object.entries(members)) {
      const fault = faultIn(inner, placeOf(placeOf(at, name), member), depth + 1);
      if (fault !== undefined) return fault;
    }
  }
  return faultInLists(schema, at, depth);
}

function faultInLists(schema: Json, at: string, depth: number): string | undefined {
  const listed = LISTS.flatMap((name) => {
    const schemas = schema[name];
    return Array.isArray(schemas) ? schemas.map((each: unknown, of) => [each, `${name}.${of}`] as const) : [];
  });
  const single = SINGLES.filter((name) => schema[name] !== undefined).map((name) => [schema[name], name] as const);
  for (const [inner, name] of [...listed, ...single]) {
    const fault = faultIn(inner, placeOf(at, name), depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const placeOf = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
