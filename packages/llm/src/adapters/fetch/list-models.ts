import type { Client } from '../../client/create-client.ts';
import type { ListedModel } from '../../client/list-models.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ServedFormatId } from '../../wire/registry.ts';
import { failureAnswer, failureOf } from './answer-call.ts';
import type { AskedCall } from './asked-call.ts';

interface Shape {
  readonly one: (model: ListedModel) => JsonObject;
  readonly list: (models: readonly JsonObject[]) => JsonObject;
}

const OPENAI: Shape = {
  one: ({ id }) => ({ id, object: 'model', created: 0, owned_by: 'patchbay' }),
  list: (data) => ({ object: 'list', data }),
};

/** How each dialect writes one model and all of them on one page. */
const SHAPES: Readonly<Record<ServedFormatId, Shape>> = {
  'openai-chat': OPENAI,
  'openai-responses': OPENAI,
  'anthropic-messages': {
    one: ({ id, name }) => ({ type: 'model', id, display_name: name, created_at: '1970-01-01T00:00:00Z' }),
    list: (data) => ({
      data,
      has_more: false,
      first_id: data[0]?.['id'] ?? null,
      last_id: data.at(-1)?.['id'] ?? null,
    }),
  },
  gemini: {
    one: ({ id, name }) => ({ name: `models/${id}`, displayName: name }),
    list: (models) => ({ models }),
  },
};

interface Listing {
  readonly client: Client;
  readonly asked: AskedCall;
  readonly signal: AbortSignal;
  /** Its provider's models are listed. */
  readonly target: string;
}

/** Answers with the models of the target's provider, or one of them, in the caller's dialect. */
export async function listModels({ client, asked, signal, target }: Listing): Promise<Response> {
  const { format, modelId } = asked;
  const { one, list } = SHAPES[format];
  try {
    const models = await client.listModels(target.slice(0, Math.max(0, target.indexOf('/'))), { signal });
    if (modelId === undefined) return Response.json(list(models.map(one)));
    const found = models.find(({ id }) => id === modelId);
    if (found !== undefined) return Response.json(one(found));
    const message = `The provider does not list a model ${JSON.stringify(modelId)}.`;
    return failureAnswer(format, { kind: 'not-found', message, path: 'model' });
  } catch (error) {
    return failureAnswer(format, failureOf(error, signal));
  }
}
