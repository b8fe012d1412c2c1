import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { codeOf, LANGUAGES } from './code-of.ts';
import { chatBody, faultsOf, messagesFor, NO_SETTINGS, type Reply, type Turn } from './conversation.ts';
import { abilitiesOf, factsOf, firstOf } from './model-words.ts';
import { withEvent } from './stream-reply.ts';
import type { ListedModel } from './use-models.ts';

const said = (text: string): Reply => ({ model: 'm', state: 'done', text, reasoning: '' });
const WAITING: Reply = { model: 'm', state: 'waiting', text: '', reasoning: '' };

describe('what a model is told', () => {
  it('is its own answers, the first model’s where it was not there, and nothing of turns without one', () => {
    const turns: readonly Turn[] = [
      { text: 'one', replies: [said('first')] },
      { text: 'lost', replies: [said(''), said('')] },
      { text: 'two', replies: [said('left'), said('right')] },
    ];
    assert.deepEqual(
      messagesFor(turns, 1, 'three').map(({ content }) => content),
      ['one', 'first', 'two', 'right', 'three'],
    );
  });

  it('has the parameters that were written, as numbers', () => {
    const settings = {
      ...NO_SETTINGS,
      system: 'Be brief.',
      temperature: '0.2',
      maxTokens: '64',
      effort: 'low',
    } as const;
    assert.deepEqual(chatBody('m', [{ role: 'user', content: 'hi' }], settings), {
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
      temperature: 0.2,
      max_completion_tokens: 64,
      reasoning_effort: 'low',
    });
    assert.deepEqual(Object.keys(faultsOf({ ...NO_SETTINGS, topP: 'much' })), ['topP']);
  });
});

describe('an answer that comes in pieces', () => {
  it('keeps thoughts and words apart, and the time of the first of them', () => {
    const thought = withEvent(WAITING, { choices: [{ delta: { reasoning_content: 'Hm.' } }] }, 7);
    const whole = withEvent(thought, { choices: [{ delta: { content: 'Yes.' } }] }, 9);
    const counted = withEvent(whole, { choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } }, 10);
    assert.deepEqual(counted, {
      model: 'm',
      state: 'streaming',
      text: 'Yes.',
      reasoning: 'Hm.',
      firstMs: 7,
      inputTokens: 3,
      outputTokens: 5,
    });
  });

  it('ends with what is said against it', () => {
    const failed = withEvent(said('The'), { error: { message: 'Overloaded.' } }, 12);
    assert.deepEqual([failed.state, failed.error, failed.text], ['failed', 'Overloaded.', 'The']);
  });
});

describe('copy as code', () => {
  it('names the model, the words and this gateway in every language, and closes the quotes of a shell', () => {
    for (const language of LANGUAGES) {
      const code = codeOf(language, {
        origin: 'https://gate.example',
        model: 'simulator/echo',
        messages: [{ role: 'user', content: "it's" }],
        settings: { ...NO_SETTINGS, system: 'Be brief.' },
      });
      for (const part of ['https://gate.example', 'simulator/echo', 'Be brief.', 'PATCHBAY_API_KEY'])
        assert.ok(code.includes(part), `${language}: ${part}`);
      assert.equal(code.includes(String.raw`it'\''s`), language === 'curl', language);
    }
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
      capabilities: { tools: true, image_input: true, reasoning: false },
      price: { state: 'priced', usd_per_million_tokens: { input: 0.15, output: 0.6 } },
    },
  };

  it('is its context, its price and what it can do; a price nobody knows is not zero', () => {
    assert.equal(factsOf(priced), '128k tokens · $0.15 in, $0.60 out');
    assert.equal(abilitiesOf(priced), 'tools, image input');
    assert.equal(factsOf(free), 'free');
    assert.equal(factsOf({ ...free, patchbay: { capabilities: {}, price: { state: 'unknown' } } }), 'price unknown');
  });

  it('begins with one of a real provider', () => {
    assert.equal(firstOf([free, priced]), 'acme/large');
    assert.equal(firstOf([free]), 'simulator/echo');
  });
});
