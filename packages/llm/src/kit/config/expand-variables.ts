import { failed, invalidRequest, ok, type Result } from '../../model/failure.ts';
import { isObject } from '../../wire/read.ts';
import type { Environment } from './environment.ts';

/** Where a value stands, and where its variables are looked up. */
export interface ExpandPlace {
  /** For messages, e.g. `providers.openai.api_key`. */
  readonly path: string;
  readonly env: Environment;
}

const BRACED = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const BARE = /^\$([A-Za-z_][A-Za-z0-9_]*)$/;

/**
 * The value with every `${NAME}` in its texts replaced by the variable, at any depth. A variable that is not set is a
 * failure, and so is a whole value `$NAME`, which is a common slip; a `$` anywhere else stays as it is.
 */
export function expandVariables(value: unknown, place: ExpandPlace): Result<unknown> {
  if (typeof value === 'string') return expandText(value, place);
  if (Array.isArray(value)) return expandList(value, place);
  return isObject(value) ? expandMembers(value, place) : ok(value);
}

function expandText(text: string, { path, env }: ExpandPlace): Result<string> {
  const slip = BARE.exec(text)?.[1];
  if (slip !== undefined)
    return failed(invalidRequest(path, `${path} says $${slip}. Write \${${slip}} to use the variable.`));
  const missing = [...text.matchAll(BRACED)].map(([, name = '']) => name).find((name) => !env[name]);
  if (missing !== undefined)
    return failed(invalidRequest(path, `required field missing: ${path}. Set it or export ${missing}.`));
  return ok(text.replace(BRACED, (_, name: string) => env[name] ?? ''));
}

function expandList(list: readonly unknown[], { path, env }: ExpandPlace): Result<readonly unknown[]> {
  const made: unknown[] = [];
  for (const [at, value] of list.entries()) {
    const expanded = expandVariables(value, { path: `${path}[${at}]`, env });
    if (!expanded.ok) return expanded;
    made.push(expanded.value);
  }
  return ok(made);
}

function expandMembers(members: object, { path, env }: ExpandPlace): Result<object> {
  const made: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    const expanded = expandVariables(value, { path: `${path}.${name}`, env });
    if (!expanded.ok) return expanded;
    made[name] = expanded.value;
  }
  return ok(made);
}
