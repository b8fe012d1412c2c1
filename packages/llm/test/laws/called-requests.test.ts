import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Json, JsonObject } from '../../src/model/json.ts';
import { loadCaptures, loadRecordings } from '../../src/testing/recordings.ts';
import { unheard } from '../../src/testing/unheard.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import { bedrockConverse } from '../../src/wire/bedrock-converse/index.ts';
import type { ClientCodec, UpstreamCodec } from '../../src/wire/codec.ts';
import { ollamaChat } from '../../src/wire/ollama-chat/index.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';

interface Sample {
  readonly name: string;
  readonly from: ClientCodec;
  readonly body: JsonObject;
}

const CLIENTS: Readonly<Record<string, ClientCodec>> = {
  'openai-chat': openAiChat,
  'anthropic-messages': anthropicMessages,
};
/** Every place of a sample is tried twice: what is much longer takes long and says nothing new. */
const LONGEST_SAMPLE = 12_000;

const recorded = (api: string, from: ClientCodec): readonly Sample[] =>
  loadRecordings(api).flatMap(({ id, request, response }) =>
    request?.body === undefined || response.status >= 400 ? [] : [{ name: id, from, body: request.body }],
  );

const SAMPLES: readonly Sample[] = [
  ...loadCaptures().flatMap(({ client, label, format, body }) => {
    const from = CLIENTS[format];
    return from === undefined ? [] : [{ name: `${client} ${label}`, from, body }];
  }),
  ...recorded('openai.chat', openAiChat),
  ...recorded('anthropic.messages', anthropicMessages),
]
  .map((sample) => ({ ...sample, body: (spoken(sample.body) ?? {}) as JsonObject }))
  // Some recordings keep a request in part.
  .filter(({ from, body }) => JSON.stringify(body).length <= LONGEST_SAMPLE && from.decodeRequest(body).ok);

/** Places whose meaning is elsewhere, or that ask for what happens anyhow. */
const NOTHING_ASKED: readonly RegExp[] = [
  // There is but one kind of breakpoint, of function, of schema; and a text document is named as moved.
  /cache_control\.type: "ephemeral"$/,
  /^(?:tools\[\d+\]\.)?(?:function|type): /,
  /\.type: "(?:text|object|function|string)"/,
  /\.source\.media_type: "text\/plain"$/,
  // A block that is named as lost is lost whatever it is called, and so are arguments that are no JSON.
  /\.type: "server_tool_use"$/,
  /\.function\.arguments: "(?!\{)/,
  /^response_format(?:$|\.type: "text"$)/,
  /^stream_options/,
  /^parallel_tool_calls: true/,
  /\.input$/,
  // How some servers number and name what they once said.
  /\.tool_calls\[\d+\]\.index: /,
  /\.reasoning_details\[\d+\]\.(?:type|index|format): /,
];

/** `value` without members and items that say nothing: `null`, empty lists, and blocks and messages without words. */
function spoken(value: Json, name = ''): Json | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'object' || name === 'parameters' || name === 'input_schema' || name === 'schema') return value;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).flatMap((each) => spoken(each) ?? []);
    return items.length > 0 ? items : undefined;
  }
  const members = Object.entries(value).map(([each, inner]) => [each, spoken(inner ?? null, each)] as const);
  const some = Object.fromEntries(members.filter(([, inner]) => inner !== undefined));
  const silent = some['text'] === '' || (Object.keys(some).length === 2 && 'role' in some && !some['content']);
  return silent ? undefined : some;
}

const TARGETS: readonly (readonly [string, UpstreamCodec<object>, object, readonly RegExp[]])[] = [
  // Bedrock has the model and the wish for a stream in the address.
  ['bedrock-converse', bedrockConverse, { modelFamily: 'anthropic' }, [/^(?:model|stream)[.:]/]],
  ['bedrock-converse for models of Amazon', bedrockConverse, { modelFamily: 'amazon' }, [/^(?:model|stream)[.:]/]],
  ['bedrock-converse for models unknown', bedrockConverse, {}, [/^(?:model|stream)[.:]/]],
  // A model of Ollama's always has the choice, and looks at the bytes of a picture to see what it is.
  ['ollama-chat', ollamaChat, {}, [/media_type: "image\/png"$/, /^tool_choice$/, /^tool_choice(?:\.type)?: "auto"$/]],
];

for (const [name, to, dialect, elsewhere] of TARGETS) {
  const silent = (body: JsonObject, from: ClientCodec): readonly string[] =>
    unheard(body, { from, to, dialect }).filter(
      (place) => ![...NOTHING_ASKED, ...elsewhere].some((each) => each.test(place)),
    );

  describe(`every member of a request sent on in ${name} is carried or named as lost`, () => {
    for (const sample of SAMPLES) it(sample.name, () => assert.deepEqual(silent(sample.body, sample.from), []));
  });
}
