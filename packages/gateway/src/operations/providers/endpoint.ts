import { redactText } from '@patchbay/llm/transport/redact-text';

const LENGTH_MAX = 500;
const PLACEHOLDER = /\{([a-zA-Z0-9_]+)\}/g;

/**
 * Why this cannot be an API endpoint, in a sentence, or `undefined` when it can: an absolute http or https address without
 * credentials. `{field}` may stand in it for each of `fields`.
 */
export function endpointProblem(endpoint: string, fields: readonly string[]): string | undefined {
  const absolute = `API endpoint must be a valid URL with http:// or https://, such as https://api.example.com/v1.`;
  if (!/^https?:\/\//i.test(endpoint)) return absolute;
  if (endpoint.length > LENGTH_MAX) return `API endpoint must be at most ${LENGTH_MAX} characters long.`;
  const unknown = placeholdersOf(endpoint).find((each) => !fields.includes(each));
  if (unknown !== undefined)
    return `API endpoint has {${unknown}}, but there is no such field. Write the value, or add authConfig.fields.${unknown}.`;
  const filled = endpoint.replace(PLACEHOLDER, 'x');
  if (/[\s{}<>"\\^`|]/.test(filled) || !URL.canParse(filled)) return absolute;
  const { username, password, hash } = new URL(filled);
  if (username !== '' || password !== '' || redactText(endpoint) !== endpoint)
    return 'API endpoint must not hold credentials. Put them into authConfig.fields.';
  return hash === '' ? undefined : 'API endpoint must not have a fragment (#).';
}

/** Names that stand in braces in an address. */
export const placeholdersOf = (endpoint: string): readonly string[] =>
  [...endpoint.matchAll(PLACEHOLDER)].map(([, name = '']) => name);

/** The address with each name in braces replaced by its value; a name without one stays. */
export const fillEndpoint = (endpoint: string, values: ReadonlyMap<string, string>): string =>
  endpoint.replace(PLACEHOLDER, (whole, name: string) => {
    const value = values.get(name);
    return value === undefined || value === '' ? whole : encodeURIComponent(value);
  });
