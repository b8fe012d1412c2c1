import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { AssistantMessage, Message, ToolMessage, UserMessage } from '../model/message.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../model/part.ts';
import { counted } from '../testing/work.ts';
import { LOSSES_MAX } from './losses.ts';
import { repairConversation, type ConversationRules } from './repair-conversation.ts';

const text = (words: string): Part => ({ type: 'text', text: words });
const user = (...content: readonly (Part | string)[]): UserMessage => ({
  role: 'user',
  content: content.map((each) => (typeof each === 'string' ? text(each) : each)),
});
const call = (id: string): ToolCallPart => ({ type: 'tool-call', id, name: 'look', argumentsJson: '{}' });
const assistant = (...content: readonly (Part | string)[]): AssistantMessage => ({
  role: 'assistant',
  content: content.map((each) => (typeof each === 'string' ? text(each) : each)),
});
const result = (toolCallId: string, words = toolCallId, isError = false): ToolResultPart => ({
  type: 'tool-result',
  toolCallId,
  content: [text(words)],
  isError,
});
const tool = (...content: readonly (ToolResultPart | string)[]): ToolMessage => ({
  role: 'tool',
  content: content.map((each) => (typeof each === 'string' ? result(each) : each)),
});
const unknown = (id: string): ToolResultPart => result(id, 'No result of this call is known.', true);

const repaired = (messages: readonly Message[], rules?: ConversationRules): readonly Message[] =>
  repairConversation(messages, rules).messages;
const told = (messages: readonly Message[], rules?: ConversationRules): readonly string[] =>
  repairConversation(messages, rules).losses.map(({ path, instead }) => `${path};${instead}`);

describe('a conversation that needs no repair', () => {
  it('comes back as the very same list', () => {
    const messages = [
      user('a'),
      assistant({ type: 'reasoning', text: '', signature: 's' }, call('1'), call('2')),
      tool('2', '1'),
      assistant(call('3')),
      tool('3'),
      user('b'),
      user('c'),
    ];
    assert.equal(repaired(messages), messages);
    assert.deepEqual(told(messages), []);
    const none: readonly Message[] = [];
    assert.equal(repaired(none), none);
  });

  it('may hold calls that only a vendor has', () => {
    const custom: Part = { type: 'vendor', format: 'openai-chat', kind: 'custom', value: { id: 'c1', type: 'custom' } };
    const messages = [user('a'), assistant(custom, call('1')), tool('1', 'c1'), user('b')];
    assert.equal(repaired(messages), messages);
  });
});

describe('a result without a call', () => {
  it('becomes what the user says, with all it holds', () => {
    const image: Part = { type: 'media', mediaType: 'image/png', source: { kind: 'url', url: 'https://a/b' } };
    const orphan = { ...result('x', 'found'), content: [text('found'), image] };
    const messages = [user('a'), tool(orphan), assistant('b')];
    assert.deepEqual(repaired(messages), [
      user('a'),
      user('Result of an earlier tool call (x):', 'found', image),
      assistant('b'),
    ]);
    assert.deepEqual(told(messages), ['messages[1].content[0];moved']);
  });

  it('never comes between calls and their results', () => {
    const messages = [assistant(call('1'), call('2')), tool('1', result('x', 'gone', true)), tool('2')];
    assert.deepEqual(repaired(messages), [
      assistant(call('1'), call('2')),
      tool('1'),
      tool('2'),
      user('Error of an earlier tool call (x):', 'gone'),
    ]);
  });
});

describe('a call without a result', () => {
  it('gets one that says that none is known', () => {
    const messages = [assistant(call('1'), call('2')), tool('2'), user('a'), assistant(call('3'))];
    assert.deepEqual(repaired(messages), [
      assistant(call('1'), call('2')),
      tool('2', unknown('1')),
      user('a'),
      assistant(call('3')),
      tool(unknown('3')),
    ]);
    assert.deepEqual(told(messages), ['messages[0];approximated', 'messages[3];approximated']);
  });
});

describe('a result apart from its call', () => {
  it('moves to it, from behind and from before', () => {
    const messages = [tool('1'), assistant(call('1'), call('2')), user('a'), tool('2'), assistant('b')];
    assert.deepEqual(repaired(messages), [assistant(call('1'), call('2')), tool('1', '2'), user('a'), assistant('b')]);
    assert.deepEqual(told(messages), ['messages[0].content[0];moved', 'messages[3].content[0];moved']);
  });

  it('stands in the order of the calls where that counts', () => {
    const messages = [assistant(call('1'), call('2'), call('3')), tool('3'), tool('1', '2')];
    assert.equal(repaired(messages), messages);
    const inOrder = { resultsInCallOrder: true };
    assert.deepEqual(repaired(messages, inOrder), [assistant(call('1'), call('2'), call('3')), tool('1', '2', '3')]);
    assert.deepEqual(told(messages, inOrder), ['messages[1];moved']);
  });
});

describe('an id that is used twice', () => {
  it('becomes another one, with the result that belongs to it', () => {
    const messages = [
      assistant(call('call_0')),
      tool(result('call_0', 'one')),
      assistant(call('call_0'), call('call_0_2')),
      tool(result('call_0_2', 'three'), result('call_0', 'two')),
    ];
    assert.deepEqual(repaired(messages), [
      assistant(call('call_0')),
      tool(result('call_0', 'one')),
      assistant(call('call_0_3'), call('call_0_2')),
      tool(result('call_0_2', 'three'), result('call_0_3', 'two')),
    ]);
    assert.deepEqual(told(messages), ['messages[2].content[0].id;approximated']);
  });

  it('in one message goes by the order of the calls', () => {
    const messages = [assistant(call(''), call('')), tool(result('', 'one'), result('', 'two'))];
    assert.deepEqual(repaired(messages), [
      assistant(call('call_2'), call('call_3')),
      tool(result('call_2', 'one'), result('call_3', 'two')),
    ]);
  });

  it('is not taken for the unanswered call of an earlier message', () => {
    const messages = [assistant(call('1')), user('stop'), assistant(call('1')), tool('1')];
    assert.deepEqual(repaired(messages), [
      assistant(call('1')),
      tool(unknown('1')),
      user('stop'),
      assistant(call('1_2')),
      tool(result('1_2', '1')),
    ]);
  });
});

describe('a second result of one call', () => {
  it('goes when it says the same, and is added when it says more', () => {
    const messages = [
      assistant(call('1')),
      tool(result('1', 'a'), result('1', 'a')),
      user('b'),
      tool(result('1', 'c', true)),
    ];
    assert.deepEqual(repaired(messages), [
      assistant(call('1')),
      tool({ ...result('1', 'a', true), content: [text('a'), text('c')] }),
      user('b'),
    ]);
    assert.deepEqual(told(messages), ['messages[1].content[1];dropped', 'messages[3].content[0];moved']);
  });
});

describe('text that says nothing', () => {
  it('goes, and messages of nothing else', () => {
    const messages = [user('', 'a'), assistant(''), tool({ ...result('x'), content: [text('')] }), user('b')];
    assert.deepEqual(repaired(messages.toSpliced(2, 1)), [user('a'), user('b')]);
    // Beside other parts it was nothing to lose.
    assert.deepEqual(told(messages.toSpliced(2, 1)), ['messages[1].content[0];dropped']);
    const answered = [assistant('', call('x')), tool({ ...result('x'), content: [text('')] })];
    assert.deepEqual(repaired(answered), [assistant(call('x')), tool({ ...result('x'), content: [] })]);
  });

  it('is white space only where that is refused', () => {
    const messages = [user('a', ' \n'), assistant('b')];
    assert.equal(repaired(messages), messages);
    assert.deepEqual(repaired(messages, { refusesBlankText: true }), [user('a'), assistant('b')]);
  });

  it('leaves its mark for the prompt cache to the part before', () => {
    const cacheControl = { type: 'ephemeral' };
    const messages = [user('a', { ...text(''), cacheControl })];
    assert.deepEqual(repaired(messages), [user({ ...text('a'), cacheControl })]);
    assert.deepEqual(told(messages), ['messages[0].content[1].cacheControl;moved']);
  });

  it('stays when a vendor has signed it', () => {
    const messages = [user('a'), assistant({ ...text(''), extras: { gemini: { thoughtSignature: 's' } } })];
    assert.equal(repaired(messages), messages);
  });

  it('is said to be nothing where it is all that the user says, now and when more is said', () => {
    assert.deepEqual(repaired([user('a'), assistant('b'), user('')]), [
      user('a'),
      assistant('b'),
      user('(empty message)'),
    ]);
    assert.deepEqual(repaired([user(''), assistant('b'), user('c')])[0], user('(empty message)'));
  });
});

describe('messages of one role', () => {
  it('become one where the target refuses them', () => {
    const extras = { 'openai-chat': { name: 'Ann' } };
    const messages: readonly Message[] = [
      { role: 'system', audience: 'system', content: [text('s')] },
      { role: 'system', audience: 'system', content: [text('t')] },
      user('a'),
      { ...user('b'), extras },
      assistant('c'),
      assistant(call('1')),
      tool('1'),
    ];
    assert.deepEqual(repaired(messages, { refusesSameRole: true }), [
      ...messages.slice(0, 2),
      { ...user('a', 'b'), extras },
      assistant('c', call('1')),
      tool('1'),
    ]);
    assert.deepEqual(told(messages, { refusesSameRole: true }), []);
  });
});

const id = fc.constantFrom('', 'a', 'b', 'a_2');
const words = fc.constantFrom('', ' ', 'x', 'y');
const said = words.map(text);
const extras = fc.option(fc.constant({ gemini: { note: 1 } }), { nil: undefined });
const withExtras = <T extends object>(value: T, more: object | undefined): T =>
  more === undefined ? value : { ...value, extras: more };
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.tuple(fc.array(said, { maxLength: 3 }), extras).map(([parts, more]) => withExtras(user(...parts), more)),
  fc
    .tuple(fc.array(fc.oneof(said, id.map(call)), { maxLength: 4 }), extras)
    .map(([parts, more]) => withExtras(assistant(...parts), more)),
  fc
    .tuple(fc.array(fc.tuple(id, words, fc.boolean()), { minLength: 1, maxLength: 3 }), extras)
    .map(([results, more]) => withExtras(tool(...results.map((each) => result(...each))), more)),
  fc.array(said, { maxLength: 2 }).map((content): Message => ({ role: 'system', audience: 'system', content })),
);
const conversation = fc.array(message, { maxLength: 8 });
const rules: fc.Arbitrary<ConversationRules> = fc.record({
  refusesBlankText: fc.boolean(),
  refusesSameRole: fc.boolean(),
  resultsInCallOrder: fc.boolean(),
});

/** Every text of a conversation that says something, ids apart. */
const textsIn = (messages: readonly Message[]): readonly string[] =>
  messages.flatMap(({ content }) =>
    content
      .flatMap((part: Part): readonly Part[] => (part.type === 'tool-result' ? part.content : [part]))
      .flatMap((part) => (part.type === 'text' && part.text.trim() !== '' ? [part.text] : [])),
  );

describe('any conversation', () => {
  const each = (check: (messages: readonly Message[], rule: ConversationRules) => void): void =>
    fc.assert(fc.property(conversation, rules, check), { numRuns: 5000 });

  it('needs no repair when it is repaired', () => {
    each((messages, rule) => {
      const once = repaired(messages, rule);
      assert.equal(repaired(once, rule), once);
    });
  });

  it('tells nothing where it is the same list, and has the same words where nothing is told', () => {
    each((messages, rule) => {
      const { messages: made, losses } = repairConversation(messages, rule);
      if (made === messages) assert.deepEqual(losses, []);
      else if (losses.length === 0) assert.deepEqual(textsIn(made), textsIn(messages));
    });
  });

  it('answers every call once, right behind it, by an id of its own', () => {
    each((messages, rule) => {
      const made = repaired(messages, rule);
      const seen = new Set<string>();
      for (const [at, { role, content }] of made.entries()) {
        const ids = (content as readonly Part[]).flatMap((part) => (part.type === 'tool-call' ? [part.id] : []));
        if (role !== 'assistant') continue;
        const behind = made.slice(at + 1);
        const end = behind.findIndex((each_) => each_.role !== 'tool');
        const run = behind.slice(0, end < 0 ? undefined : end) as readonly ToolMessage[];
        const answered = run.flatMap((each_) => each_.content.map(({ toolCallId }) => toolCallId));
        assert.deepEqual(answered.toSorted(), ids.toSorted());
        if (rule.resultsInCallOrder === true) assert.deepEqual(answered, ids);
        for (const one of ids) assert.ok(one !== '' && !seen.has(one) && seen.add(one));
      }
      assert.notEqual(made[0]?.role, 'tool');
    });
  });

  it('keeps every word that is not told to be given twice', () => {
    each((messages, rule) => {
      const { messages: made, losses } = repairConversation(messages, rule);
      const twice = losses.filter(({ what }) => what === 'result given twice').length;
      const left = [...textsIn(made)];
      const lost = textsIn(messages).filter((word) => {
        const at = left.indexOf(word);
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      });
      assert.ok(lost.length <= twice, lost.join());
    });
  });
});

describe('the work of a repair', () => {
  const times = <T>(count: number, make: (at: number) => readonly T[]): readonly T[] =>
    Array.from({ length: count }, (_, at) => make(at)).flat();
  const conversations: Readonly<Record<string, (size: number) => readonly Message[]>> = {
    'ids used again': (size) => times(size, (at) => [assistant(call('a')), tool(result('a', `${at}`))]),
    'results behind each other': (size) => [assistant(call('a')), ...times(size, (at) => [tool(result('a', `${at}`))])],
    'calls and results far apart': (size) => [
      ...times(size, (at) => [assistant(call(`${at}`))]),
      ...times(size, (at) => [tool(`${at}`)]),
    ],
    'results of no call': (size) => times(size, (at) => [tool(`${at}`), user('')]),
    'calls of one message': (size) => [
      assistant(...times(size, (at) => [call(`${at % 7}`)])),
      ...times(size, (at) => [tool(`${at % 7}`)]),
    ],
  };
  for (const [name, make] of Object.entries(conversations))
    it(`grows no faster than a conversation of ${name}`, () => {
      const reads = [100, 1000].map((size) => {
        const work = { count: 0 };
        const all = { refusesSameRole: true, resultsInCallOrder: true };
        const { losses } = repairConversation(counted(make(size), work), all);
        assert.ok(losses.length <= LOSSES_MAX + 1);
        return work.count;
      });
      assert.ok((reads[1] as number) <= 12 * (reads[0] as number), `${reads.join(' and ')} reads`);
    });
});
