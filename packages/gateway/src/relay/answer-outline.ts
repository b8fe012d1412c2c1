import type { StreamEvent } from '@patchbay/llm/model/event';
import { collect } from '@patchbay/llm/model/fold';
import type { GenerationResponse } from '@patchbay/llm/model/response';

/**
 * What a stream is made of, without the length of what it says: which parts it has, of each the first character, and
 * what hangs on it. Enough to tell what a format cannot carry of the whole, in memory that does not grow with the words.
 */
export class AnswerOutline {
  readonly #events: StreamEvent[] = [];
  /** Parts that have said something. */
  readonly #spoken = new Set<number>();

  step(event: StreamEvent): void {
    const kept = this.#keptOf(event);
    if (kept !== undefined) this.#events.push(kept);
  }

  /** The answer in outline; absent when it has not ended well. */
  response(): GenerationResponse | undefined {
    const whole = collect(this.#events);
    return whole.ok ? whole.value : undefined;
  }

  #keptOf(event: StreamEvent): StreamEvent | undefined {
    if (event.type === 'ping' || event.type === 'part-end') return undefined;
    if (event.type === 'part-start' && event.part.type === 'tool-call')
      return { ...event, part: { ...event.part, argumentsJson: '{}' } };
    if (event.type !== 'part-delta') return event;
    const { delta, index } = event;
    if (delta.type === 'arguments') return undefined;
    if (delta.type !== 'text') return event;
    if (delta.text === '' || this.#spoken.has(index)) return undefined;
    this.#spoken.add(index);
    return { ...event, delta: { type: 'text', text: delta.text.slice(0, 1) } };
  }
}
