import { createHash } from 'node:crypto';

import { RedisRefusal, type RedisConnection } from './connect.ts';

/** A script with the name by which the server knows it. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/** Names a script. */
export const script = (text: string): Script => ({ text, sha1: createHash('sha1').update(text).digest('hex') });

/** Runs a script; its text is sent only to a server that does not know it. */
export async function runScript(
  connection: RedisConnection,
  { text, sha1 }: Script,
  keys: readonly string[],
  values: readonly string[],
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...values];
  try {
    return await connection.send(['EVALSHA', sha1, ...rest]);
  } catch (error) {
    if (!(error instanceof RedisRefusal && error.code === 'NOSCRIPT')) throw error;
    return connection.send(['EVAL', text, ...rest]);
  }
}
