import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { arrayOf, isObject, textOf } from '@patchbay/llm/wire/read';

import type { KeptResponse } from './kept-response.ts';

/** What a request's `input` says, as items. */
export const itemsOf = (input: Json | undefined): readonly Json[] =>
  typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : arrayOf(input);

/** The id of the item that this one stands for; `undefined` for an item that speaks for itself. */
export function referenceOf(item: Json): string | undefined {
  if (!isObject(item)) return undefined;
  const type = item['type'] ?? (item['role'] === undefined ? 'item_reference' : 'message');
  return type === 'item_reference' ? textOf(item['id']) : undefined;
}

/** What the model said in a kept answer, as items. */
export const outputOf = ({ response }: KeptResponse): readonly Json[] => arrayOf(response['output']);

/** The answer whose item has this id, where the gateway gave the id: it is made of the answer's own. */
export function responseOfItem(itemId: string): string | undefined {
  const [, own] = /_([0-9a-f]{32})_i?\d+_*$/.exec(itemId) ?? [];
  return own === undefined ? undefined : `resp_${own}`;
}

/** How ids of items begin, by type. */
const PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'cto',
  reasoning: 'rs',
};

/** The input of a kept answer as the vendor lists it: every item with type and id, messages with lists of parts. */
export function listedInput({ id, input }: KeptResponse): readonly JsonObject[] {
  return input.filter(isObject).map((item, index) => {
    const type = textOf(item['type']) ?? 'message';
    const made = `${PREFIXES[type] ?? 'item'}_${id.replace('resp_', '')}_i${index}`;
    const content = item['content'];
    const part = item['role'] === 'assistant' ? { type: 'output_text', annotations: [] } : { type: 'input_text' };
    return {
      status: 'completed',
      ...item,
      id: textOf(item['id']) || made,
      type,
      ...(typeof content === 'string' && { content: [{ ...part, text: content }] }),
    };
  });
}
