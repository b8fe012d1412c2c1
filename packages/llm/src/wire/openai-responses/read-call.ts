import type { JsonObject } from '../../model/json.ts';
import { argumentsText } from '../openai-chat/decode-response.ts';
import { textOf } from '../read.ts';
import { argumentsPiece, INPUT_END, INPUT_START } from './custom-input.ts';
import { callId, callName, itemMembers, type CallType } from './decode-response.ts';
import { delta, isSame, openPart, type Answer, type Events, type ItemReader } from './item-reader.ts';
import { OWN, withOwn } from './own-extras.ts';
import { CUSTOM_CALL } from './tool-names.ts';

/** Reads a call of a function, or of a custom tool, whose text becomes the one argument. */
export class CallReader implements ItemReader {
  readonly #index: number;
  readonly #type: CallType;
  #members: JsonObject;
  #said = false;

  constructor(answer: Answer, item: JsonObject, place: number, events: Events) {
    this.#type = item['type'] === CUSTOM_CALL ? CUSTOM_CALL : 'function_call';
    this.#members = itemMembers(item, this.#type);
    answer.toolCalls = true;
    const id = callId(item, { responseId: answer.id, index: place, names: answer.names });
    const own = withOwn({ item: this.#members });
    const part = { type: 'tool-call', id, name: callName(item), argumentsJson: '', ...own } as const;
    this.#index = openPart(answer, part, events);
    if (this.#isCustom) events.push(delta(this.#index, { type: 'arguments', json: INPUT_START }));
    this.#say(this.#textOf(item), events);
  }

  hear(kind: string, data: JsonObject, events: Events): boolean {
    if (kind.endsWith('.delta')) this.#say(textOf(data['delta']) ?? '', events);
    else if (!this.#said) this.#say(this.#textOf(data), events);
    return kind.endsWith('.done');
  }

  complete(item: JsonObject, events: Events): void {
    if (!this.#said) this.#say(this.#textOf(item), events);
    const members = itemMembers(item, this.#type);
    if (!isSame(members, this.#members))
      events.push(delta(this.#index, { type: 'extras', extras: { [OWN]: { item: members } } }));
    this.#members = members;
  }

  close(events: Events): void {
    if (this.#isCustom) events.push(delta(this.#index, { type: 'arguments', json: INPUT_END }));
    events.push({ type: 'part-end', index: this.#index });
  }

  get #isCustom(): boolean {
    return this.#type === CUSTOM_CALL;
  }

  #textOf(from: JsonObject): string {
    return this.#isCustom ? (textOf(from['input']) ?? '') : argumentsText(from['arguments']);
  }

  #say(text: string, events: Events): void {
    if (text === '') return;
    this.#said = true;
    const json = this.#isCustom ? argumentsPiece(text) : text;
    events.push(delta(this.#index, { type: 'arguments', json }));
  }
}
