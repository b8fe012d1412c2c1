/** Longest part of a response's id that goes into the ids of its items, in characters: OpenAI takes 64 in all. */
const BASE_MAX = 40;

/** Gives the items of one answer their ids: their own where they have one, else one made of the answer's. Never twice. */
export class OutputIds {
  readonly #base: string;
  readonly #items = new Set<string>();
  readonly #calls = new Map<string, Set<string>>();

  constructor(responseId: string) {
    this.#base = responseId.replaceAll(/^resp_|[^a-zA-Z0-9]/g, '').slice(-BASE_MAX);
  }

  /** The id of an item at a place; `prefix` says of what kind it is. */
  item(own: unknown, prefix: string, place: number): string {
    const wanted = typeof own === 'string' && own !== '' ? own : this.#made(prefix, place);
    return unused(this.#items, wanted, () => this.#made(prefix, place));
  }

  /** The id of a call, by which its result will be known; items of another type may have it too. */
  call(own: unknown, type: string, place: number): string {
    const given = this.#calls.get(type) ?? new Set();
    this.#calls.set(type, given);
    const wanted = typeof own === 'string' && own !== '' ? own : this.#made('call', place);
    return unused(given, wanted, () => this.#made('call', place));
  }

  #made(prefix: string, place: number): string {
    return `${prefix}_${this.#base}_${place}`;
  }
}

/** The id, or another where it was given before. */
function unused(given: Set<string>, wanted: string, instead: () => string): string {
  let id = given.has(wanted) ? instead() : wanted;
  while (given.has(id)) id += '_';
  given.add(id);
  return id;
}
