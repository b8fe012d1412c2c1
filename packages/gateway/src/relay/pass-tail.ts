import type { Json } from '@patchbay/llm/model/json';
import { NO_USAGE, tokenCount, type Usage } from '@patchbay/llm/model/usage';
import { isObject } from '@patchbay/llm/wire/read';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import { usageIn } from './usage-in.ts';

/** Bytes kept of the end of an answer: vendors state the usage there, behind whatever is long. */
const TAIL_BYTES = 8 * 1024;

/** The end of an answer that passes unread, and the usage that it states. Its memory does not grow. */
export class PassTail {
  readonly #room = Buffer.allocUnsafe(2 * TAIL_BYTES);
  #size = 0;

  push(chunk: Buffer): void {
    const added = chunk.length > TAIL_BYTES ? chunk.subarray(-TAIL_BYTES) : chunk;
    if (this.#size + added.length > this.#room.length) {
      this.#room.copyWithin(0, this.#size - TAIL_BYTES, this.#size);
      this.#size = TAIL_BYTES;
    }
    this.#size += added.copy(this.#room, this.#size);
  }

  /** The usage in the outermost object, in any vendor's words; `undefined` when there is none. */
  usage(): Usage | undefined {
    const end = this.#room.subarray(0, this.#size);
    return usageIn(end, { decodeUsage }, {}) ?? usageIn(end, WIRE_FORMATS.gemini, {});
  }
}

/** Chats and embeddings count prompts, all others input; rerankers often say nothing but a total. */
function decodeUsage(value: Json): Usage | undefined {
  if (!isObject(value)) return undefined;
  const [chat, responses, messages] = FORMATS;
  const hasTotal = value['total_tokens'] !== undefined;
  // Anthropic gives no total, and counts cached tokens beside the input.
  const said = chat.decodeUsage(value, {}) ?? (hasTotal ? responses : messages).decodeUsage(value, {});
  if (said !== undefined && said.inputTokens + said.outputTokens > 0) return said;
  const inputTokens = tokenCount(value['total_tokens']);
  return inputTokens === 0 ? undefined : { ...NO_USAGE, inputTokens };
}

const FORMATS = [
  WIRE_FORMATS['openai-chat'],
  WIRE_FORMATS['openai-responses'],
  WIRE_FORMATS['anthropic-messages'],
] as const;
