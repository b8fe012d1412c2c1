import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../model/event.ts';
import { collect } from '../../model/fold.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import { play } from '../../testing/play.ts';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import { openAiChat } from '../openai-chat/index.ts';
import { arrayOf, objectOf } from '../read.ts';
import { openAiResponses } from './index.ts';

const GRAMMAR = { type: 'grammar', syntax: 'lark', definition: 'start: "*** Begin Patch"' };
const EXEC = { type: 'custom', name: 'exec', description: 'Runs a script.', format: GRAMMAR };
const WAIT = { type: 'function', name: 'wait', description: 'Waits.', parameters: { type: 'object' }, strict: false };

/** As an agent sends it that offers its tools among the input, in a namespace, and takes plain text in one of them. */
const BODY: JsonObject = {
  model: 'gpt-x',
  input: [
    {
      type: 'additional_tools',
      role: 'developer',
      tools: [{ type: 'namespace', name: 'functions', description: 'The tools.', tools: [EXEC, WAIT] }],
    },
    { type: 'message', id: 'msg_a', role: 'developer', content: [{ type: 'input_text', text: 'Be quick.' }] },
    { type: 'message', id: 'msg_b', role: 'user', content: [{ type: 'input_text', text: 'List it.' }] },
    { type: 'reasoning', id: 'rs_a', summary: [], encrypted_content: 'gAAA' },
    { type: 'custom_tool_call', call_id: 'call_a', name: 'exec', namespace: 'functions', input: 'ls "a"\n' },
    { type: 'custom_tool_call_output', call_id: 'call_a', output: [{ type: 'input_text', text: 'b.txt' }] },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  reasoning: { effort: 'low', context: 'all_turns' },
  store: false,
  stream: true,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: 'key',
  client_metadata: { session: 'a' },
};

function decoded(body: JsonObject = BODY): GenerationRequest {
  const request = openAiResponses.decodeRequest(body);
  assert.ok(request.ok, request.ok ? '' : request.failure.message);
  return request.value;
}

function written(codec: typeof openAiChat | typeof anthropicMessages | typeof openAiResponses): JsonObject {
  const encoded = (codec as typeof openAiChat).encodeRequest(decoded(), {});
  assert.ok(encoded.ok);
  return encoded.value.body;
}

/** What a model of another vendor does with these tools. */
const ANSWER: readonly StreamEvent[] = [
  { type: 'response-start', id: 'msg_1', model: 'm', createdAtMs: 0 },
  { type: 'part-start', index: 0, part: { type: 'tool-call', id: 'toolu_1', name: 'exec', argumentsJson: '' } },
  ...['{"inp', 'ut":"ec', 'ho \\', '"hi\\u00', 'e9\\"', '\\n"}'].map((json): StreamEvent => ({
    type: 'part-delta',
    index: 0,
    delta: { type: 'arguments', json },
  })),
  { type: 'part-end', index: 0 },
  { type: 'part-start', index: 1, part: { type: 'tool-call', id: 'toolu_2', name: 'wait', argumentsJson: '{}' } },
  { type: 'part-end', index: 1 },
  { type: 'finish', finish: { reason: 'tool-calls' } },
];

const events = (request: GenerationRequest): readonly JsonObject[] =>
  play(openAiResponses.encodeStream(request), ANSWER).map(({ data }) => JSON.parse(data) as JsonObject);

describe('tools that an agent hides in the input', () => {
  it('are functions for every other vendor, and their calls and results are theirs', () => {
    const chat = written(openAiChat);
    const functions = arrayOf(chat['tools']).map((each) => objectOf(objectOf(each)?.['function']) ?? {});
    assert.deepEqual(
      functions.map(({ name }) => name),
      ['exec', 'wait'],
    );
    const parameters = objectOf(functions[0]?.['parameters']);
    assert.deepEqual(parameters?.['required'], ['input']);
    assert.match(JSON.stringify(parameters), /Begin Patch/);
    const messages = arrayOf(chat['messages']).map((each) => objectOf(each) ?? {});
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['developer', 'user', 'assistant', 'tool'],
    );
    const [call] = arrayOf(messages[2]?.['tool_calls']).map((each) => objectOf(objectOf(each)?.['function']));
    assert.deepEqual(call, { name: 'exec', arguments: JSON.stringify({ input: 'ls "a"\n' }) });
    assert.deepEqual(
      arrayOf(written(anthropicMessages)['tools']).map((each) => objectOf(each)?.['name']),
      ['exec', 'wait'],
    );
  });

  it('go back where they were when the vendor is the same', () => {
    const { input, tools } = written(openAiResponses);
    assert.equal(tools, undefined);
    assert.deepEqual(arrayOf(input)[0], arrayOf(BODY['input'])[0]);
    assert.deepEqual(arrayOf(input)[4], arrayOf(BODY['input'])[4]);
  });

  it('are called in the words that the agent understands, piece by piece', () => {
    const told = events(decoded());
    const items = told.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => objectOf(item));
    const [exec, wait] = items.map((item) => ({ ...item, id: undefined, status: undefined }));
    const same = { id: undefined, status: undefined, namespace: 'functions' };
    const text = 'echo "hié"\n';
    assert.deepEqual(exec, { ...same, type: 'custom_tool_call', call_id: 'toolu_1', name: 'exec', input: text });
    assert.deepEqual(wait, { ...same, type: 'function_call', call_id: 'toolu_2', name: 'wait', arguments: '{}' });
    const deltas = told.filter(({ type }) => type === 'response.custom_tool_call_input.delta');
    assert.deepEqual(
      deltas.map(({ delta }) => delta),
      ['ec', 'ho ', '"hi', 'é"', '\n'],
    );
  });

  it('are called the same in a whole answer that knows its request', () => {
    const answer = collect(ANSWER);
    assert.ok(answer.ok);
    const calls = (request?: GenerationRequest): readonly unknown[] =>
      arrayOf(openAiResponses.encodeResponse(answer.value, request).body['output']).map((each) => [
        objectOf(each)?.['type'],
        objectOf(each)?.['namespace'],
      ]);
    assert.deepEqual(calls(decoded()), [
      ['custom_tool_call', 'functions'],
      ['function_call', 'functions'],
    ]);
    assert.deepEqual(calls(), [
      ['function_call', undefined],
      ['function_call', undefined],
    ]);
  });
});

describe('tools of one name', () => {
  const tools: Json = [
    { type: 'namespace', name: 'git', description: 'a', tools: [WAIT] },
    { type: 'namespace', name: 'mail', description: 'b', tools: [WAIT] },
    WAIT,
  ];
  const request = decoded({ model: 'm', input: 'hi', tools });

  it('have names of their own for vendors that know no namespaces', () => {
    const names = request.tools?.map((tool) => (tool.type === 'function' ? tool.name : ''));
    assert.deepEqual(names, ['git__wait', 'mail__wait', 'wait']);
  });

  it('are called by the name that the caller gave them', () => {
    const called = (name: string): unknown => {
      const part = { type: 'tool-call', id: 'a', name, argumentsJson: '{}' } as const;
      const response = { id: 'r', model: 'm', createdAtMs: 0, content: [part], finish: { reason: 'stop' } } as const;
      const [item] = arrayOf(openAiResponses.encodeResponse(response, request).body['output']);
      return [objectOf(item)?.['namespace'], objectOf(item)?.['name']];
    };
    assert.deepEqual(called('mail__wait'), ['mail', 'wait']);
    assert.deepEqual(called('wait'), [undefined, 'wait']);
  });
});

describe('what a response repeats of its request', () => {
  it('is what was asked, with defaults for what was not', () => {
    const [created] = events(decoded({ ...BODY, instructions: 'Be kind.', tools: [WAIT], max_output_tokens: 99 }));
    const response = objectOf(created?.['response']) ?? {};
    assert.equal(response['instructions'], 'Be kind.');
    assert.equal(response['max_output_tokens'], 99);
    assert.deepEqual(response['tools'], [WAIT]);
    assert.deepEqual(response['reasoning'], { effort: 'low', context: 'all_turns', summary: null });
    assert.equal(response['store'], false);
    assert.equal(response['temperature'], null);
    assert.equal(response['truncation'], 'disabled');
  });
});

describe('an item that only the vendor could resolve', () => {
  it('keeps its id, so that someone else may', () => {
    const input = [
      { role: 'user', content: 'a' },
      { type: 'item_reference', id: 'msg_000094' },
      { type: 'function_call', call_id: 'call_a', name: 'wait', arguments: '{}' },
    ];
    const [, turn] = decoded({ model: 'm', input, previous_response_id: 'resp_a' }).messages;
    const [reference] = turn?.content ?? [];
    assert.deepEqual([reference?.type === 'vendor' && reference.kind, turn?.content.length], ['item_reference', 2]);
    assert.deepEqual(reference?.type === 'vendor' && reference.value, input[1]);
    assert.equal(
      decoded({ model: 'm', input, previous_response_id: 'resp_a' }).extras?.['openai-responses']?.[
        'previous_response_id'
      ],
      'resp_a',
    );
  });
});
