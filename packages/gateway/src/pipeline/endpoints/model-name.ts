import { failed, invalidRequest, ok, type Result } from '@patchbay/llm/model/failure';

/** Longest model address, in characters; vendors stay under 100. */
const MODEL_CHARS_MAX = 256;

const WANTED = '`model` must be a non-empty string such as `openai/text-embedding-3-small`.';

/** A model's address that may be looked up, recorded and written into a request. */
export function checkModelName(value: unknown): Result<string> {
  if (typeof value !== 'string' || value === '') return failed(invalidRequest('model', WANTED));
  const illegal = value.length > MODEL_CHARS_MAX || /\p{Cc}/u.test(value);
  const message = `\`model\` must have at most ${MODEL_CHARS_MAX} characters and no control characters.`;
  return illegal ? failed(invalidRequest('model', message)) : ok(value);
}
