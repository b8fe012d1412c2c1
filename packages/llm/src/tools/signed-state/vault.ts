import type { StreamEvent } from '../../model/event.ts';
import { replay } from '../../model/fold.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { conversationOf, type Conversation } from './conversation.ts';
import { findTurns, type FoundTurn } from './find-turns.ts';
import { BINDINGS, type Binding, type Issuer } from './issuer.ts';
import { TurnRecorder } from './record-turn.ts';
import { restoreTurns, type Restored } from './restore-turns.ts';
import type { StateStore } from './state-store.ts';
import { turnKeys } from './turn-keys.ts';

/** Settings of a vault. */
export interface VaultOptions {
  readonly store: StateStore;
  /** How long an answer's state is kept, in milliseconds. Default 24 hours. */
  readonly lifetimeMs?: number;
  /** Most bytes held of one answer, while it streams and after; more is not remembered. Default 4 MiB. */
  readonly answerBytesMax?: number;
  /** How far the state of an issuer reaches. Default: what `BINDINGS` says of its format. */
  readonly bindingOf?: (issuer: Issuer) => Binding;
  /** Hears of a store that failed; the call then goes on without it. */
  readonly onStoreFailure?: (error: unknown) => void;
}

/** An answer on its way, as far as it is known before it comes. */
export interface AnsweredCall {
  /** Whose state it is, e.g. the id of a key: nothing is ever found from another scope. */
  readonly scope: string;
  readonly issuer: Issuer;
  /** The request as the client sent it. */
  readonly request: GenerationRequest;
}

/** Hears an answer while it streams past. */
export interface AnswerObserver {
  /** Takes the next event: synchronous, and changes nothing about it. */
  step(event: StreamEvent): void;
  /** To be called when the stream is over, however it ended; resolves when the state is kept. Never rejects. */
  end(): Promise<void>;
}

/** A request on its way to a provider. */
export interface BoundCall {
  readonly scope: string;
  readonly target: Issuer;
}

/** The account that holds a conversation's newest state. */
export interface Pin {
  readonly issuer: Issuer;
  /** `account`: only this account can read the state; `provider`: every account of the same provider can. */
  readonly binding: Binding;
}

/** Keeps what providers sign, and puts back what clients drop. */
export interface SignedStateVault {
  /** Remembers a whole answer. Never rejects. */
  remember(response: GenerationResponse, call: AnsweredCall): Promise<void>;
  /** Remembers an answer while it streams. */
  observe(call: AnsweredCall): AnswerObserver;
  /** The request with the state that its client left out and that its target can read. Never rejects. */
  restore(request: GenerationRequest, call: BoundCall): Promise<Restored>;
  /** Where the newest state of a conversation is from, sent by the client or not; `undefined` when it has none. */
  pinOf(request: GenerationRequest, scope: string): Promise<Pin | undefined>;
}

const LIFETIME_MS = 24 * 60 * 60 * 1000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/** Makes a vault over a store. */
export function createVault(options: VaultOptions): SignedStateVault {
  const { store, lifetimeMs = LIFETIME_MS, answerBytesMax = ANSWER_BYTES_MAX } = options;
  const { bindingOf = ({ format }) => BINDINGS[format], onStoreFailure = () => {} } = options;
  const read = rememberedConversations();

  const find = async (request: GenerationRequest, scope: string, issuer?: Issuer): Promise<readonly FoundTurn[]> => {
    try {
      return await findTurns(store, scope, {
        messages: request.messages,
        runs: read(request).runs,
        ...(issuer && { issuer }),
      });
    } catch (error) {
      onStoreFailure(error);
      return [];
    }
  };
  const observe = ({ scope, issuer, request }: AnsweredCall): AnswerObserver => {
    const recorder = new TurnRecorder({ issuer, ...read(request).next, bytesMax: answerBytesMax });
    return {
      step: (event) => recorder.step(event),
      async end() {
        const recorded = recorder.turn();
        if (recorded === undefined) return;
        try {
          await store.put(turnKeys(scope, { ...recorded.identity, issuer }), recorded.turn, lifetimeMs);
        } catch (error) {
          onStoreFailure(error);
        }
      },
    };
  };

  return {
    observe,
    remember(response, call) {
      const observer = observe(call);
      for (const event of replay(response)) observer.step(event);
      return observer.end();
    },
    async restore(request, { scope, target }) {
      return restoreTurns(request, await find(request, scope, target), { target, bindingOf });
    },
    async pinOf(request, scope) {
      const newest = (await find(request, scope)).at(-1);
      if (newest === undefined) return undefined;
      const { known } = newest;
      const turn = 'turn' in known ? known.turn : [...known.calls.values()].at(-1)?.turn;
      return turn === undefined ? undefined : { issuer: turn.issuer, binding: bindingOf(turn.issuer) };
    },
  };
}

/** One call asks several times about one request: what is read of it is kept as long as the request itself. */
function rememberedConversations(): (request: GenerationRequest) => Conversation {
  const known = new WeakMap<GenerationRequest, Conversation>();
  return (request) => {
    const before = known.get(request);
    if (before !== undefined) return before;
    const conversation = conversationOf(request);
    known.set(request, conversation);
    return conversation;
  };
}
