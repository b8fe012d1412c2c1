import type { JsonObject } from '../model/json.ts';
import { isObject, parseJson } from '../wire/read.ts';
import { BackendError } from './backend-error.ts';

/** The JSON object of a body; an empty body is an empty object. Throws `INVALID_REQUEST` with status 400 or 413. */
export async function readBody(request: Request, limitBytes: number): Promise<JsonObject> {
  const text = await textUpTo(request, limitBytes);
  if (text.trim() === '') return {};
  const body = parseJson(text);
  if (isObject(body)) return body;
  throw new BackendError('INVALID_REQUEST', { message: 'The body must be a JSON object.' });
}

async function textUpTo(request: Request, limitBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > limitBytes)
      throw new BackendError('INVALID_REQUEST', {
        message: `The body is larger than ${limitBytes} bytes. Send less, or raise \`bodyLimitBytes\`.`,
        status: 413,
      });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
