import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Asks the engine for a collection. */
type Collect = (options: { readonly type: 'minor' | 'major'; readonly execution: 'sync' }) => void;

/** The engine hands its collector out only to contexts made after this flag. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}

/** Bytes that may be relayed between two collections of what is young. */
const MINOR_BYTES = 2 * 1024 * 1024;
/** Bytes that may be relayed between two whole collections while many clients are behind. */
const MAJOR_BYTES = 12 * 1024 * 1024;
/** Clients behind at once from which on anything is done: while all keep up, the engine's own pace is right. */
const SOME_BEHIND = 8;
/** Bytes of requests between two collections of what is young: a burst of large ones would else pile up twice. */
const PIECES_BYTES = 32 * 1024 * 1024;
/** Bytes after which a whole collection is worth its time once nothing runs. */
const REST_BYTES = 32 * 1024 * 1024;
/** Clients behind at once from which on whole collections are worth their time. */
const MANY_BEHIND = 32;

/**
 * Has relayed bytes collected in time. Chunks lie outside the heap that the engine watches: it lets 64 MB of them pile
 * up before it looks, which clients that stop reading would then seem to cost. A young collection takes about a
 * millisecond and comes sooner by itself under load; a whole one takes ten to thirty and happens only while many
 * clients are behind, when there is little else to do.
 */
class SpentBytes {
  readonly #collect = collector();
  #minor = 0;
  #major = 0;
  #behind = 0;
  #sinceRest = 0;
  #pieces = 0;

  /** A client fell behind, or caught up or left. */
  countBehind(change: 1 | -1): void {
    this.#behind += change;
  }

  /** Bytes of a request: let go of when the call is over, and the pieces it came in at once. */
  countRequest(bytes: number): void {
    this.#sinceRest += bytes;
    this.#pieces += bytes;
    if (this.#pieces < PIECES_BYTES) return;
    this.#pieces = 0;
    this.#collect({ type: 'minor', execution: 'sync' });
  }

  /** Nothing runs now: what a burst has left is given back, once. */
  rest(): void {
    if (this.#sinceRest < REST_BYTES) return;
    this.#sinceRest = 0;
    this.#collect({ type: 'major', execution: 'sync' });
  }

  count(bytes: number): void {
    this.#sinceRest += bytes;
    this.#minor += bytes;
    this.#major += bytes;
    if (this.#minor < MINOR_BYTES || this.#behind < SOME_BEHIND) return;
    const whole = this.#behind >= MANY_BEHIND && this.#major >= MAJOR_BYTES;
    this.#minor = 0;
    if (whole) this.#major = 0;
    this.#collect({ type: whole ? 'major' : 'minor', execution: 'sync' });
  }
}

/** One for the process, like the memory it looks after. */
export const spentBytes = new SpentBytes();
