import type { PartDelta } from '../../model/event.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ToolCallPart } from '../../model/part.ts';
import { objectOf } from '../read.ts';
import { InputPieces } from './custom-input.ts';
import { membersOfCall } from './items.ts';
import { callItem } from './output-items.ts';
import { NONE, type Events, type Output } from './output.ts';
import { OWN } from './own-extras.ts';
import { CUSTOM_CALL } from './tool-names.ts';

/** Begins a call of a function, or of a custom tool. */
export function startCall(output: Output, index: number, part: ToolCallPart): Events {
  const place = output.items.length;
  const custom = membersOfCall(part, output.offered)['type'] === CUSTOM_CALL;
  const began = callItem(part, output.offered, output.ids, place);
  const at = { item_id: began['id'], output_index: place };
  const type = custom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
  const member = custom ? 'input' : 'arguments';
  const input = new InputPieces();
  const pieces: string[] = [];
  let members: JsonObject = {};
  const add = (text: string): Events => {
    if (text === '') return NONE;
    pieces.push(text);
    return [{ type: `${type}.delta`, ...at, delta: text }];
  };
  const grow = (delta: PartDelta): Events => {
    if (delta.type === 'extras') members = objectOf(delta.extras[OWN]?.['item']) ?? members;
    return delta.type === 'arguments' ? add(custom ? input.push(delta.json) : delta.json) : NONE;
  };
  const settle = (status = 'incomplete'): JsonObject => {
    const { type: kind, id, call_id, name } = began;
    const item = { ...began, ...members, type: kind, id, call_id, name, [member]: pieces.join(''), status };
    output.items[place] = item;
    return item;
  };
  const end = (): Events => {
    // A call without arguments is read by clients as JSON all the same.
    const rest = custom ? add(input.rest()) : pieces.length === 0 ? add('{}') : NONE;
    const item = settle('completed');
    return [
      ...rest,
      { type: `${type}.done`, ...at, ...(!custom && { name: item['name'] }), [member]: item[member] },
      { type: 'response.output_item.done', output_index: place, item },
    ];
  };
  output.parts.set(index, { grow, end, settle: () => settle() });
  const item = { ...began, [member]: '', status: 'in_progress' };
  output.items.push(item);
  const added = { type: 'response.output_item.added', output_index: place, item };
  return [added, ...grow({ type: 'arguments', json: part.argumentsJson })];
}
