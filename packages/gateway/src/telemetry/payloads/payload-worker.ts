import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { zstdCompressSync } from 'node:zlib';

import { redactText } from '@patchbay/llm/transport/redact-text';

import {
  CUT_MARGIN_BYTES,
  type BodyToKeep,
  type CallToKeep,
  type KeptBody,
  type KeptPayloads,
  type PayloadThreadStart,
  type PayloadToWrite,
  type PayloadWritten,
} from './kept-payloads.ts';
import { placeOf } from './payload-folder.ts';

/** The thread that hides, compresses and writes bodies: all three take longer than a call may be held up. */

// The thread's other end gives exactly this.
const { folder, bytesMax } = workerData as PayloadThreadStart;

parentPort?.on('message', ({ id, call }: PayloadToWrite) => {
  parentPort?.postMessage({ id, ...attempt(() => write(keptOf(call))) } satisfies PayloadWritten);
});

function attempt(work: () => void): { error?: string } {
  try {
    work();
    return {};
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function keptOf({ clientRequest, clientResponse, exchanges, ...call }: CallToKeep): KeptPayloads {
  return {
    ...call,
    clientRequest: bodyOf(clientRequest),
    clientResponse: bodyOf(clientResponse),
    exchanges: exchanges.map(({ request, response, ...each }) => ({
      ...each,
      request: bodyOf(request),
      response: bodyOf(response),
    })),
  };
}

function bodyOf({ bytes, length, isCut }: BodyToKeep): KeptBody {
  const text = textIn(bytes);
  if (text === undefined) return { bytes: length, truncated: false };
  const hidden = redactText(text);
  if (!isCut && hidden.length <= bytesMax) return { text: hidden, bytes: length, truncated: false };
  const end = isCut ? Math.max(0, hidden.length - CUT_MARGIN_BYTES) : bytesMax;
  return { text: hidden.slice(0, end), bytes: length, truncated: true };
}

/** The text that bytes are, up to a character that was cut; nothing where they are none, since nothing can be hidden in it. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

function write(kept: KeptPayloads): void {
  const { day, bucket, hash } = placeOf(kept.requestId, kept.atMs);
  const line = zstdCompressSync(JSON.stringify(kept)).toString('base64');
  mkdirSync(path.join(folder, day), { recursive: true, mode: 0o700 });
  // Line ends on both sides: what a crash cut short spoils no other call.
  appendFileSync(path.join(folder, day, bucket), `\n${hash} ${line}\n`, { mode: 0o600 });
}
