import type { Json, JsonObject } from '@patchbay/llm/model/json';
import type { ClientCodec } from '@patchbay/llm/wire/codec';

import { itemsOf } from './input-items.ts';
import type { KeptResponse } from './kept-response.ts';
import { keepingCodec } from './keeping-codec.ts';
import type { ResponseIssuer, ResponseIssuers } from './response-issuers.ts';

/** What the gateway does about one call of the Responses API in the place of a provider without state. */
export interface ResponseThread {
  /** Who made the answer that the call goes on from, where its provider keeps it. */
  readonly issuer: ResponseIssuer | undefined;
  /** Hears the id that a provider which keeps its answers gave this one. */
  issued(id: string, issuer: ResponseIssuer): void;
  /** The body without the wishes that the gateway itself fulfils. */
  remaining(json: JsonObject): JsonObject;
  /** The codec that also keeps the answer, where the caller did not forbid it. */
  dress(codec: ClientCodec, json: JsonObject): ClientCodec;
}

export interface ThreadParts {
  readonly keyId: string;
  readonly id: string;
  readonly createdAtMs: number;
  readonly previousId: string | undefined;
  /** The items that the request itself brought; absent where its body says them. */
  readonly own: readonly Json[] | undefined;
  /** True for a call that runs while nobody waits. */
  readonly background: boolean;
  readonly keep: (kept: KeptResponse) => void;
  readonly issuers: ResponseIssuers;
  /** The id that the request names and that is left to its provider. */
  readonly foreignId: string | undefined;
}

const WISHES = new Set(['store', 'background']);

/** Makes the thread of one call. */
export function responseThread(parts: ThreadParts): ResponseThread {
  const { keyId, id, createdAtMs, previousId, own, background } = parts;
  return {
    issuer: parts.foreignId === undefined ? undefined : parts.issuers.find(keyId, parts.foreignId),
    issued: (issuedId, issuer) => parts.issuers.learn(keyId, issuedId, issuer),
    remaining: (json) => Object.fromEntries(Object.entries(json).filter(([name]) => !WISHES.has(name))),
    dress(codec, json) {
      if (json['store'] === false) return codec;
      const input = own ?? itemsOf(json['input']);
      const said = { store: true, background, ...(previousId !== undefined && { previous_response_id: previousId }) };
      const keep = (response: JsonObject): void => parts.keep({ id, keyId, createdAtMs, previousId, response, input });
      return keepingCodec(codec, { id, createdAtMs, said, keep });
    },
  };
}
