import type { Result } from '../model/failure.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { writeBody } from '../wire/write-body.ts';
import { exchangeOnce, readJson } from './attempt.ts';
import type { ClientContext } from './context.ts';
import type { Attempt } from './run-call.ts';

/** Sends JSON to a path of the attempt's provider and reads the JSON that comes back. */
export async function postJson(
  client: ClientContext,
  attempt: Attempt,
  { path, body }: { readonly path: string; readonly body: JsonObject },
): Promise<Result<Json>> {
  const message = { method: 'POST', path, accept: 'application/json', body: writeBody(body).text } as const;
  const sent = await exchangeOnce(client, attempt, message);
  return sent.ok ? readJson(sent.value, attempt) : sent;
}

/** Outermost members of an object under other names; the others stay as they are. */
export const renamed = (object: JsonObject, names: Readonly<Record<string, string>> = {}): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [names[name] ?? name, value]));

/** What a provider that answered something else is told of as. */
export const notUnderstood = (what: string) =>
  ({ ok: false, failure: { kind: 'protocol', message: `The provider answered without ${what}.` } }) as const;
