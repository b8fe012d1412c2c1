import { generateObject } from '@patchbay/llm/client/generate-object';
import { toolCallsIn, type Generated } from '@patchbay/llm/client/generated';
import { LlmError } from '@patchbay/llm/client/llm-error';
import { readAsk, type Ask } from '@patchbay/llm/client/ask';
import type { Clock } from '@patchbay/llm/model/clock';
import { failed, ok, type Result } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { Part } from '@patchbay/llm/model/part';
import type { GenerationResponse } from '@patchbay/llm/model/response';
import { readPartialJson } from '@patchbay/llm/tools/partial-json';
import type { Checked, StandardSchema } from '@patchbay/llm/tools/standard-schema';
import { objectOf } from '@patchbay/llm/wire/read';

import type { LastPrompts } from '../telemetry/last-prompts.ts';
import type { ChosenModel } from './choose-model.ts';
import type { GenerationEndpoint, Models, Wish } from './ports.ts';

/** What is said to a model. */
export interface Prompt {
  readonly system: string;
  readonly prompt: string;
}

/** An object that a model is to write. */
export interface ObjectAsk<T> extends Prompt {
  readonly endpoint: GenerationEndpoint;
  readonly model: ChosenModel;
  readonly name: string;
  /** JSON Schema, for the model. */
  readonly schema: JsonObject;
  /** Reads the object, or says all that is wrong with it in sentences that a model can follow. */
  readonly check: (value: unknown) => Checked<T>;
  /** Name of the list whose items are told while they come. */
  readonly list: string;
  /** Longest answer, in tokens, where the settings do not say. */
  readonly maxOutputTokens: number;
}

export interface AskingParts {
  readonly models: Models;
  readonly lastPrompts: Pick<LastPrompts, 'record'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Asks for an object by its schema; an answer that does not fit is mended once by the model, and then a failure. */
export async function askForObject<T>(parts: AskingParts, asked: ObjectAsk<T>, wish: Wish): Promise<Result<T>> {
  const { model, system, prompt, schema, name } = asked;
  const ask: Ask = { maxOutputTokens: asked.maxOutputTokens, ...model.sampling, model: model.address, system, prompt };
  let round = 0;
  const client = {
    generate: async (each: Ask): Promise<Generated> => {
      round += 1;
      if (round > 1) wish.tell?.({ event: 'progress', data: { stage: 'mending', round } });
      return generate(parts, asked, wish, each);
    },
  };
  try {
    const made = await generateObject(client, ask, { schema: standardSchemaOf(asked.check), jsonSchema: schema, name });
    return ok(made.object);
  } catch (error) {
    if (error instanceof LlmError) return failed(error.failure);
    throw error;
  }
}

async function generate<T>(
  { models, lastPrompts, clock }: AskingParts,
  { endpoint, list, model }: ObjectAsk<T>,
  wish: Wish,
  ask: Ask,
): Promise<Generated> {
  const read = readAsk(ask, { stream: false });
  if (!read.ok) throw new LlmError(read.failure);
  const messages = read.value.request.messages.map(({ role, content }) => ({ role, content: textOf(content) }));
  const kept = { requestId: wish.requestId, model: model.address, messages, askedAtMs: clock.nowMs() };
  lastPrompts.record(endpoint, kept);
  const { tell, ...call } = wish;
  const onText = tell && itemTeller(list, (index, item) => tell({ event: 'item', data: { index, item } }));
  const answer = await models.chat(read.value.request, { ...call, ...(onText && { onText }) });
  const said = answer.ok ? textOf(answer.value.content) : answer.failure.message;
  lastPrompts.record(endpoint, { ...kept, answeredAtMs: clock.nowMs(), answer: said });
  if (!answer.ok) throw new LlmError(answer.failure);
  return generatedOf(answer.value);
}

/** The text of a message or an answer. */
export const textOf = (content: readonly Part[]): string =>
  content.map((part) => (part.type === 'text' ? part.text : '')).join('');

const generatedOf = (answer: GenerationResponse): Generated => ({
  ...answer,
  text: textOf(answer.content),
  reasoning: '',
  toolCalls: toolCallsIn(answer.content),
  message: { role: 'assistant', content: answer.content },
  losses: [],
  attempts: [],
});

const standardSchemaOf = <T>(check: (value: unknown) => Checked<T>): StandardSchema<unknown, T> => ({
  '~standard': {
    version: 1,
    vendor: 'patchbay',
    validate: (value) => {
      const checked = check(value);
      return checked.ok ? { value: checked.value } : { issues: checked.issues.map((message) => ({ message })) };
    },
  },
});

/** Shortest growth worth another reading, in characters. */
const GROWTH_MIN = 48;

/** Tells each item of a list once the next one has begun. Reads as much anew as there is, at growing distances. */
function itemTeller(list: string, tell: (index: number, item: NonNullable<JsonObject[string]>) => void) {
  let told = 0;
  let readChars = 0;
  return (text: string): void => {
    if (text.length - readChars < Math.max(GROWTH_MIN, text.length / 32)) return;
    readChars = text.length;
    const items = objectOf(readPartialJson(text))?.[list];
    if (!Array.isArray(items)) return;
    for (; told < items.length - 1; told += 1) tell(told, items[told] as NonNullable<JsonObject[string]>);
  };
}
