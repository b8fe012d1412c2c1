import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';

import type { OperationFailure } from '@patchbay/contract';
import type { FastifyRequest } from 'fastify';

type Reading =
  | { readonly ok: true; readonly value: object }
  | { readonly ok: false; readonly failure: OperationFailure };

/** True for a body that is a form with files. */
export const isForm = ({ 'content-type': type = '' }: IncomingHttpHeaders): boolean =>
  /^multipart\/form-data\s*;/i.test(type);

/** Members that are numbers; in a form everything is text. */
const NUMBERS: ReadonlySet<string> = new Set(['n_slides']);
/** Members that are true or false, there too. */
const FLAGS: ReadonlySet<string> = new Set(['images']);

/**
 * A form as the JSON object that says the same: its one file as `data` in base64, and as `file_type` the ending of the
 * file’s name where the form does not say another.
 */
export async function readForm(request: FastifyRequest): Promise<Reading> {
  const bytes = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
  const form = await parsed(bytes, request.headers['content-type'] ?? '');
  if (form === undefined) return input('The form could not be read. Send multipart/form-data with its boundary.');
  const value: Record<string, unknown> = {};
  for (const [name, field] of form) {
    if (Object.hasOwn(value, name)) return input(`The form has \`${name}\` twice.`);
    if (typeof field !== 'string') {
      if (Object.hasOwn(value, 'data')) return input('The form has more than one file. Send one.');
      value['data'] = Buffer.from(await field.arrayBuffer()).toString('base64');
      const ending = path.extname(field.name).slice(1).toLowerCase();
      if (ending !== '') value['file_type'] ??= ending;
    } else if (name === 'file_type') value[name] = field;
    else value[name] = valueOf(name, field);
  }
  return { ok: true, value };
}

/** What is no number or flag stays the text that it is, and is refused for that. */
function valueOf(name: string, text: string): unknown {
  if (NUMBERS.has(name) && text.trim() !== '') return Number(text);
  return FLAGS.has(name) && (text === 'true' || text === 'false') ? text === 'true' : text;
}

async function parsed(bytes: Buffer, type: string): Promise<FormData | undefined> {
  try {
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  } catch {
    return undefined;
  }
}

const input = (message: string): { readonly ok: false; readonly failure: OperationFailure } => ({
  ok: false,
  failure: { code: 'INVALID_INPUT', message },
});
