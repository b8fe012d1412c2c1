import { parentPort } from 'node:worker_threads';

import { ok, type Result } from '@patchbay/llm/model/failure';

import { spentBytes } from '../relay/collect-spent-bytes.ts';
import type { BodyReply, BodyTask, Findings } from './body-messages.ts';
import { readBody } from './read-body.ts';

/** The thread that reads heavy bodies, one at a time, in just the way light ones are read. */

/** How long nothing must come before what the last bodies have left is collected, in milliseconds. */
const REST_MS = 1000;
/** What reading a body leaves behind, in bytes for each of its own: a text and a value. */
const LEFT_PER_BYTE = 3;

let resting: NodeJS.Timeout | undefined;

function read({ memory, kind }: BodyTask): Result<Findings> {
  const result = readBody(Buffer.from(memory), kind);
  if (!result.ok) return result;
  const { model, modelSpan, stream } = result.value;
  return ok({ model, modelSpan, stream });
}

function answer(task: BodyTask): void {
  try {
    const reply: BodyReply = { kind: 'read', memory: task.memory, result: read(task) };
    parentPort?.postMessage(reply, [task.memory]);
  } catch (error) {
    parentPort?.postMessage({ kind: 'error', message: String(error) } satisfies BodyReply);
  }
}

parentPort?.on('message', (task: BodyTask) => {
  spentBytes.countRequest(task.memory.byteLength * LEFT_PER_BYTE);
  answer(task);
  clearTimeout(resting);
  // Between bodies nothing is allocated here, so that the engine would never look.
  resting = setTimeout(() => spentBytes.rest(), REST_MS);
});
