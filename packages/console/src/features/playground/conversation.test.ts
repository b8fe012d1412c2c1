import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  isAsking,
  messagesFor,
  waiting,
  withLane,
  withoutLane,
  type Reply,
  type ToolCall,
  type Turn,
} from './conversation.ts';
import { abilitiesOf, callNoTools, cannotRead, effortsOf, factsOf, firstOf, mayNotRead } from './model-words.ts';
import { lossesIn, withEvent } from './stream-reply.ts';
import type { ListedModel } from './use-models.ts';

const WAITING = waiting('m');
const said = (text: string): Reply => ({ ...WAITING, state: 'done', text });
const turn = (text: string, ...lanes: readonly (readonly Reply[])[]): Turn => ({ text, attachments: [], lanes });
const CALL: ToolCall = { id: 'c1', name: 'get_weather', argumentsJson: '{}' };

describe('what a model is told', () => {
  it('is its own answers, the first model’s where it was not there, and nothing of turns without one', () => {
    const turns = [
      turn('one', [said('first')]),
      turn('lost', [said('')], [said('')]),
      turn('two', [said('left')], [said('right')]),
      turn('three'),
    ];
    assert.deepEqual(
      messagesFor(turns, 1).map((each) => (each.role === 'tool' ? each.result : each.text)),
      ['one', 'first', 'two', 'right', 'three'],
    );
  });

  it('is the tools it called with what they answered, and none that were never answered', () => {
    const answered = { ...said(''), calls: [{ ...CALL, result: '21 °C' }] };
    const asking = { ...said('Let me see.'), calls: [{ ...CALL, result: '21 °C' }, CALL] };
    assert.deepEqual(messagesFor([turn('Weather?', [answered])], 0), [
      { role: 'user', text: 'Weather?', attachments: [] },
      { role: 'assistant', text: '', calls: answered.calls },
      { role: 'tool', callId: 'c1', name: 'get_weather', result: '21 °C' },
    ]);
    assert.deepEqual(messagesFor([turn('Weather?', [asking]), turn('Well?')], 0).slice(1, 2), [
      { role: 'assistant', text: 'Let me see.', calls: [] },
    ]);
    assert.deepEqual([isAsking(answered), isAsking(asking)], [false, true]);
  });
});

describe('models beside one another', () => {
  const turns = [turn('one', [said('a')]), turn('two', [said('a')], [said('b')], [said('c')])];

  it('grow alone, in the last turn', () => {
    const grown = withLane(turns, 2, (replies) => [...replies, said('d')]);
    assert.deepEqual(
      grown.map(({ lanes }) => lanes.map((replies) => replies.map(({ text }) => text).join('+'))),
      [['a'], ['a', 'b', 'c+d']],
    );
  });

  it('are taken out with what they said, but where nobody else spoke', () => {
    assert.deepEqual(
      withoutLane(turns, 0).map(({ lanes }) => lanes.map(([reply]) => reply?.text)),
      [['a'], ['b', 'c']],
    );
  });
});

describe('an answer that comes in pieces', () => {
  it('keeps thoughts and words apart, and the time of the first of them', () => {
    const thought = withEvent(WAITING, { choices: [{ delta: { reasoning_content: 'Hm.' } }] }, 7);
    const whole = withEvent(thought, { choices: [{ delta: { content: 'Yes.' }, finish_reason: 'stop' }] }, 9);
    const counted = withEvent(whole, { choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } }, 10);
    assert.deepEqual(counted, {
      ...WAITING,
      state: 'streaming',
      text: 'Yes.',
      reasoning: 'Hm.',
      finish: 'stop',
      firstMs: 7,
      inputTokens: 3,
      outputTokens: 5,
    });
  });

  it('joins the arguments of each of several calls', () => {
    const pieces = [
      { index: 0, id: 'a', function: { name: 'one', arguments: '' } },
      { index: 1, id: 'b', function: { name: 'two', arguments: '{"y"' } },
      { index: 0, function: { arguments: '{"x":1}' } },
      { index: 1, function: { arguments: ':2}' } },
    ];
    const reply = pieces.reduce(
      (before, piece) => withEvent(before, { choices: [{ delta: { tool_calls: [piece] } }] }, 1),
      WAITING,
    );
    assert.deepEqual(reply.calls, [
      { id: 'a', name: 'one', argumentsJson: '{"x":1}' },
      { id: 'b', name: 'two', argumentsJson: '{"y":2}' },
    ]);
  });

  it('ends with what is said against it', () => {
    const failed = withEvent(said('The'), { error: { message: 'Overloaded.' } }, 12);
    assert.deepEqual([failed.state, failed.error, failed.text], ['failed', 'Overloaded.', 'The']);
  });

  it('names what its provider could not be told', () => {
    assert.deepEqual(lossesIn('seed;dropped, tools%5B0%5D.x;sent-as-text, %E0%A4%A;dropped'), [
      { path: 'seed', instead: 'dropped' },
      { path: 'tools[0].x', instead: 'sent-as-text' },
      { path: '%E0%A4%A', instead: 'dropped' },
    ]);
    assert.deepEqual(lossesIn(''), []);
  });
});

describe('what is said of a model', () => {
  const free: ListedModel = {
    id: 'simulator/echo',
    owned_by: 'simulator',
    patchbay: { capabilities: {}, price: { state: 'free' } },
  };
  const priced: ListedModel = {
    id: 'acme/large',
    owned_by: 'acme',
    patchbay: {
      context_tokens: 128_000,
      input: ['text', 'image'],
      efforts: ['low', 'high'],
      capabilities: { tools: false, vision: true, reasoning: false },
      price: { state: 'priced', usd_per_million_tokens: { input: 0.15, output: 0.6 } },
    },
  };

  it('is its context, its price and what it can do; a price nobody knows is not zero', () => {
    assert.equal(factsOf(priced), '128k tokens · $0.15 in, $0.60 out');
    assert.equal(abilitiesOf(priced), 'vision');
    assert.equal(factsOf(free), 'free');
    assert.equal(factsOf({ ...free, patchbay: { capabilities: {}, price: { state: 'unknown' } } }), 'price unknown');
  });

  it('begins with one of a real provider', () => {
    assert.equal(firstOf([free, priced]), 'acme/large');
    assert.equal(firstOf([free]), 'simulator/echo');
  });

  it('is whether it reads what is attached: no, or that nobody says', () => {
    const [image, document] = (['image', 'document'] as const).map((kind) => ({
      kind,
      name: 'a',
      mediaType: 'x/y',
      bytes: 1,
    }));
    assert.ok(image && document);
    assert.deepEqual(cannotRead([priced, free], [image]), []);
    assert.deepEqual(cannotRead([priced, free], [image, document]), ['acme/large takes no PDF.']);
    assert.equal(mayNotRead([priced], [image]), undefined);
    assert.equal(
      mayNotRead([priced, free], [image]),
      'The catalogue does not say whether simulator/echo takes images.',
    );
    assert.equal(callNoTools([free]), undefined);
    assert.equal(callNoTools([free, priced]), 'By the catalogue, acme/large calls no tools.');
    assert.deepEqual(effortsOf([free, priced]), ['low', 'high']);
  });
});
