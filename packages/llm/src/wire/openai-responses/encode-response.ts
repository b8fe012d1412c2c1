import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { NO_USAGE } from '../../model/usage.ts';
import type { Encoded, Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { objectOf } from '../read.ts';
import { encodeEcho } from './echo.ts';
import { encodeFinish, type Ending } from './finish.ts';
import { callItem, contentOf, imageItem, messageItem, thoughtItem, vendorItem } from './output-items.ts';
import { OutputIds } from './output-ids.ts';
import { messageOf, OWN, ownOf } from './own-extras.ts';
import { callMembers, type CallMembers } from './tool-names.ts';
import { encodeUsage } from './usage.ts';

/** Writes a whole answer as a `response`; `request` lets it repeat what was asked. */
export function encodeResponse(response: GenerationResponse, request?: GenerationRequest): Encoded {
  const losses: Loss[] = [...foreignExtras(response.extras, OWN, 'response')];
  const { content } = response;
  const refusals = content.filter((part) => part.type === 'refusal');
  const ending = encodeFinish(
    response.finish,
    {
      toolCalls: content.some(({ type }) => type === 'tool-call'),
      refusal: refusals.length > 0,
      refusalText: refusals.some(({ text }) => text !== ''),
    },
    false,
  );
  if ((response.usage?.cacheWrite1hTokens ?? 0) > 0)
    losses.push({ path: 'usage.cacheWrite1hTokens', what: 'lifetime of cache writes', instead: 'dropped' });
  const writing = { ids: new OutputIds(response.id), offered: callMembers(request?.tools), losses };
  const output = encodeOutput(content, ending, writing);
  const usage = encodeUsage(response.usage ?? NO_USAGE);
  return { body: responseBody(response, encodeEcho(request), { ...ending, output, usage }), losses };
}

/** A `response` object: what names it, what it repeats of the request, and what it says. */
export function responseBody(
  response: Pick<GenerationResponse, 'id' | 'model' | 'createdAtMs' | 'extras'>,
  echo: JsonObject,
  said: JsonObject,
): JsonObject {
  const { echo: told, ...rest } = ownOf(response.extras);
  return {
    id: response.id || 'resp_patchbay',
    object: 'response',
    created_at: Math.floor(response.createdAtMs / 1000),
    model: response.model,
    error: null,
    ...echo,
    ...objectOf(told),
    ...said,
    ...rest,
  };
}

interface OutputWriting {
  readonly ids: OutputIds;
  readonly offered: CallMembers;
  readonly losses: Loss[];
}

/** The items of an answer. Parts that are said one after the other share a message, unless they came in several. */
function encodeOutput(parts: readonly Part[], ending: Ending, writing: OutputWriting): readonly JsonObject[] {
  const items: JsonObject[] = [];
  let content: JsonObject[] | undefined;
  for (const [index, part] of parts.entries()) {
    const path = `content[${index}]`;
    writing.losses.push(...foreignExtras(part.extras, OWN, path));
    const begun = messageOf(part);
    const said = contentOf(part);
    if (said !== undefined && content !== undefined && begun === undefined) content.push(said);
    else if (said !== undefined) {
      content = [said];
      items.push(messageItem({ ...begun, id: writing.ids.item(begun?.['id'], 'msg', items.length) }, content));
    } else {
      content = undefined;
      const item = encodeItem(part, items.length, writing);
      if (item !== undefined) items.push(item);
      else
        writing.losses.push({
          path,
          what: `${part.type === 'vendor' ? part.kind : part.type} block`,
          instead: 'dropped',
        });
    }
  }
  const last = items.at(-1);
  // Of an answer that was cut off the last item is not whole.
  if (ending.status === 'incomplete' && last !== undefined && 'status' in last)
    items[items.length - 1] = { ...last, status: 'incomplete' };
  return items;
}

function encodeItem(part: Part, place: number, { ids, offered }: OutputWriting): JsonObject | undefined {
  switch (part.type) {
    case 'tool-call':
      return callItem(part, offered, ids, place);
    case 'reasoning':
      return thoughtItem(part, ids, place);
    case 'vendor':
      return vendorItem(part, ids, place);
    case 'media':
      return imageItem(part, ids, place);
    default:
      return undefined;
  }
}
