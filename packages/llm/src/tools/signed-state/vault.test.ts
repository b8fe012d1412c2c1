import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamEvent } from '../../model/event.ts';
import type { Extras, WireFormatId } from '../../model/extras.ts';
import type { Message } from '../../model/message.ts';
import type { Part, ReasoningPart, TextPart, ToolCallPart } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import type { Issuer } from './issuer.ts';
import { memoryStateStore } from './memory-state-store.ts';
import type { Restored } from './restore-turns.ts';
import type { SignedTurn } from './signed-turn.ts';
import type { StateStore } from './state-store.ts';
import { createVault, type SignedStateVault } from './vault.ts';

const CLAUDE: Issuer = { format: 'anthropic-messages', provider: 'anthropic', account: 'one' };
const GEMINI: Issuer = { format: 'gemini', provider: 'google', account: 'one' };
const OPENAI: Issuer = { format: 'openai-responses', provider: 'openai', account: 'one' };
const DEEPSEEK: Issuer = { format: 'openai-chat', provider: 'deepseek', account: 'one' };

const words = (text: string, more: Partial<TextPart> = {}): TextPart => ({ type: 'text', text, ...more });
const call = (id: string, path = 'a', more: Partial<ToolCallPart> = {}): ToolCallPart => ({
  type: 'tool-call',
  id,
  name: 'read',
  argumentsJson: JSON.stringify({ path }),
  ...more,
});
const signed = (text: string): ReasoningPart => ({ type: 'reasoning', text, signature: `signed(${text})` });
const redacted = (data: string): ReasoningPart => ({ type: 'reasoning', text: '', redacted: data });
const bare = (text: string): ReasoningPart => ({ type: 'reasoning', text });
const thoughtSignature = (value: string): Pick<TextPart, 'extras'> => ({
  extras: { gemini: { thoughtSignature: value } },
});

const user = (text: string): Message => ({ role: 'user', content: [words(text)] });
const said = (...content: readonly Part[]): Message => ({ role: 'assistant', content });
const result = (toolCallId: string, text = 'done'): Message => ({
  role: 'tool',
  content: [{ type: 'tool-result', toolCallId, content: [words(text)], isError: false }],
});
const request = (...messages: readonly Message[]): GenerationRequest => ({
  model: 'm',
  messages,
  stream: true,
  streamUsage: true,
});

const LONG = 'An answer with words enough to know it by.';

interface Memory {
  readonly vault: SignedStateVault;
  readonly store: ReturnType<typeof memoryStateStore>;
  /** Lets `issuer` answer with `content` after `before`. */
  answered(issuer: Issuer, before: readonly Message[], ...content: readonly Part[]): Promise<void>;
  restored(issuer: Issuer, ...messages: readonly Message[]): Promise<Restored>;
  /** The content of the assistant's messages after restoring. */
  contents(issuer: Issuer, ...messages: readonly Message[]): Promise<readonly (readonly Part[])[]>;
}

function memory(options: Partial<Parameters<typeof createVault>[0]> = {}): Memory {
  const store = memoryStateStore({ clock: manualClock() });
  const vault = createVault({ store, ...options });
  const restored: Memory['restored'] = (target, ...messages) =>
    vault.restore(request(...messages), { scope: 's', target });
  return {
    vault,
    store,
    answered: (issuer, before, ...content) =>
      vault.remember(
        { id: 'r', model: 'm', createdAtMs: 0, content, finish: { reason: 'stop' } },
        { scope: 's', issuer, request: request(...before) },
      ),
    restored,
    async contents(target, ...messages) {
      const { request: made } = await restored(target, ...messages);
      return made.messages.flatMap(({ role, content }) => (role === 'assistant' ? [content] : []));
    },
  };
}

describe('restoring an answer', () => {
  it('puts thoughts back between the words that the client joined', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), words('First. '), redacted('2'), words('Then.'), call('a'));
    const [content] = await contents(CLAUDE, user('go'), said(words('First. Then.'), call('a')), result('a'));
    assert.deepEqual(content, [signed('1'), words('First. '), redacted('2'), words('Then.'), call('a')]);
  });

  it('puts signatures on calls and on a last part that had nothing else to say', async () => {
    const { answered, contents } = memory();
    const sign = thoughtSignature('one');
    await answered(GEMINI, [user('go')], call('a', 'a', sign), call('b'), words('', thoughtSignature('two')));
    const [content] = await contents(GEMINI, user('go'), said(call('a'), call('b')), result('a'), result('b'));
    assert.deepEqual(content, [call('a', 'a', sign), call('b'), words('', thoughtSignature('two'))]);
  });

  it('names every place where it put something back', async () => {
    const { answered, restored } = memory();
    await answered(GEMINI, [user('go')], words('Yes.'), call('a', 'a', thoughtSignature('one')));
    const { restored: places, losses } = await restored(
      GEMINI,
      user('go'),
      said(words('Yes.'), call('a')),
      result('a'),
    );
    assert.deepEqual(places, [{ path: 'messages[1].content[1]', what: '`thoughtSignature`' }]);
    assert.deepEqual(losses, []);
  });

  it('keeps what hangs on the client’s own parts', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), words('One. '), signed('2'), words('Two.'), call('a'));
    const cacheControl = { type: 'ephemeral' };
    const marked = call('a', 'a', { cacheControl });
    const [content] = await contents(
      CLAUDE,
      user('go'),
      said(words('One. Two.', { cacheControl }), marked),
      result('a'),
    );
    assert.deepEqual(content, [signed('1'), words('One. '), signed('2'), words('Two.', { cacheControl }), marked]);
  });

  it('does not cut a text with citations', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), words('One.'), signed('2'), words('Two.'), call('a'));
    const cited = words('One. Two.', { extras: { 'anthropic-messages': { citations: ['x'] } } });
    const [content] = await contents(CLAUDE, user('go'), said(cited, call('a')), result('a'));
    assert.deepEqual(content, [signed('1'), cited, signed('2'), call('a')]);
  });

  it('knows a call by what its arguments mean', async () => {
    const { answered, contents } = memory();
    const written = (argumentsJson: string): ToolCallPart => ({ ...call('a'), argumentsJson });
    await answered(CLAUDE, [user('go')], signed('1'), written('{"b": [1.0, "\\u00e9"], "a": {}}'));
    const own = written('{"a":{},"b":[1,"é"]}');
    assert.deepEqual(await contents(CLAUDE, user('x'), said(own), result('a')), [[signed('1'), own]]);
    const other = written('{"a":{},"b":[2,"é"]}');
    assert.deepEqual(await contents(CLAUDE, user('x'), said(other), result('a')), [[other]]);
  });

  it('knows an answer whose calls the client named anew', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), call('a', 'x'), signed('2'), call('b', 'y'));
    const made = await contents(CLAUDE, user('go'), said(call('1', 'x'), call('2', 'y')), result('1'), result('2'));
    assert.deepEqual(made, [[signed('1'), call('1', 'x'), signed('2'), call('2', 'y')]]);
  });

  it('reads arguments that nest deeper than any stack', async () => {
    const { answered, contents } = memory();
    const deep = { ...call('a'), argumentsJson: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}` };
    await answered(CLAUDE, [user('go')], signed('1'), deep);
    assert.deepEqual(await contents(CLAUDE, user('go'), said(deep), result('a')), [[signed('1'), deep]]);
  });
});

describe('an answer that the client sends in pieces', () => {
  it('gets its state back where words and calls are messages of their own', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), words('Yes.'), signed('2'), call('a'));
    const made = await contents(CLAUDE, user('go'), said(words('Yes.')), said(call('a')), result('a'));
    assert.deepEqual(made, [
      [signed('1'), words('Yes.')],
      [signed('2'), call('a')],
    ]);
  });

  it('gets its state back where each call is followed by its result', async () => {
    const { answered, restored, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), words('Yes.'), call('a'), signed('2'), call('b'), signed('3'));
    const sent = [user('go'), said(words('Yes.'), call('a')), result('a'), said(call('b')), result('b')];
    assert.deepEqual(await contents(CLAUDE, ...sent), [
      [signed('1'), words('Yes.'), call('a')],
      [signed('2'), call('b'), signed('3')],
    ]);
    assert.deepEqual((await restored(CLAUDE, ...sent)).losses, []);
  });

  it('leaves no empty message where the provider said it in another order', async () => {
    const { answered, restored, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), call('a'), words('So.'));
    const sent = [user('go'), said(words('So.')), said(call('a')), result('a')];
    assert.deepEqual(await contents(CLAUDE, ...sent), [[signed('1'), call('a'), words('So.')]]);
    assert.deepEqual((await restored(CLAUDE, ...sent)).restored, [
      { path: 'messages[1].content[0]', what: 'reasoning' },
    ]);
  });

  it('is told from another answer beside it', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), words('A first part.'));
    await answered(CLAUDE, [user('go'), said(words('A first part.'))], signed('2'), words('And more.'));
    const made = await contents(CLAUDE, user('go'), said(words('A first part.')), said(words('And more.')), user('ok'));
    assert.deepEqual(made, [
      [signed('1'), words('A first part.')],
      [signed('2'), words('And more.')],
    ]);
  });
});

describe('what the client sent itself', () => {
  it('is never overwritten', async () => {
    const { answered, restored } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), call('a'));
    await answered(GEMINI, [user('go')], call('b', 'a', thoughtSignature('one')));
    for (const [issuer, own] of [
      [CLAUDE, said({ ...signed('1'), signature: 'other' }, call('a'))],
      [CLAUDE, said(redacted('other'), call('a'))],
      [GEMINI, said(call('b', 'a', thoughtSignature('other')))],
    ] as const) {
      const sent = request(user('go'), own);
      const { request: made, restored: places } = await restored(issuer, ...sent.messages);
      assert.deepEqual([made, places], [sent, []]);
    }
  });

  it('is completed where a part of it is missing', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), redacted('2'), words('Yes.'), signed('3'), call('a'));
    const made = await contents(
      CLAUDE,
      user('go'),
      said(signed('1'), words('Yes.'), signed('3'), call('a')),
      result('a'),
    );
    assert.deepEqual(made, [[signed('1'), redacted('2'), words('Yes.'), signed('3'), call('a')]]);
  });

  it('is not told apart where several changed answers stand together', async () => {
    const { answered, restored } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), words('Long words.'), call('a'));
    await answered(CLAUDE, [user('go'), said(call('a'))], signed('2'), words('Long words.'), call('b'));
    const sent = [
      user('go'),
      said(signed('1'), words('Cut.'), call('a')),
      said(signed('own'), words('Cut.'), call('b')),
    ];
    assert.deepEqual((await restored(CLAUDE, ...sent)).request, request(...sent));
  });

  it('is told again whose it is where only that is missing', async () => {
    const { answered, contents } = memory();
    const own: ReasoningPart = { ...signed('1'), extras: { gemini: {} } };
    const item: ReasoningPart = { ...redacted('gAAA'), extras: { 'openai-responses': { item: { id: 'rs_1' } } } };
    await answered(GEMINI, [user('go')], own, words('Yes.'), call('a'));
    await answered(OPENAI, [user('go')], item, words('Yes.'), call('b'));
    const sent = [user('go'), said(signed('1'), words('Yes.'), call('a')), result('a')];
    assert.deepEqual(await contents(GEMINI, ...sent), [[own, words('Yes.'), call('a')]]);
    const split = [user('go'), said(redacted('gAAA'), words('Cut.'), call('b')), result('b')];
    assert.deepEqual(await contents(OPENAI, ...split), [[item, words('Cut.'), call('b')]]);
  });

  it('keeps its place among thoughts that nobody signed', async () => {
    const { answered, contents } = memory();
    const phase = (value: string): Extras => ({ 'openai-responses': { item: { phase: value } } });
    await answered(OPENAI, [user('go')], words('Hm.', { extras: phase('commentary') }), call('a'));
    const sent = said(bare('own'), words('Hm.', { extras: { 'openai-responses': { item: { id: 'm' } } } }), call('a'));
    const made = [
      bare('own'),
      words('Hm.', { extras: { 'openai-responses': { item: { id: 'm', phase: 'commentary' } } } }),
      call('a'),
    ];
    assert.deepEqual(await contents(OPENAI, user('go'), sent, result('a')), [made]);
  });

  it('may be more than a call takes arguments', async () => {
    const { answered, contents } = memory();
    const sign = thoughtSignature('one');
    await answered(GEMINI, [user('go')], words('Yes.'), call('a', 'a', sign));
    const many = Array.from({ length: 200_000 }, () => bare('hm'));
    const [content = []] = await contents(
      GEMINI,
      user('go'),
      { role: 'assistant', content: [...many, words('Yes.'), call('a')] },
      result('a'),
    );
    assert.deepEqual([content.length, content.at(-1)], [200_002, call('a', 'a', sign)]);
  });

  it('makes way where it is a signed thought without its signature', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('one, '), signed('two'), words('Yes.'), call('a'));
    const made = await contents(CLAUDE, user('go'), said(bare('one, two'), words('Yes.'), call('a')), result('a'));
    assert.deepEqual(made, [[signed('one, '), signed('two'), words('Yes.'), call('a')]]);
  });

  it('stays where the words of a thought are all that the provider wants', async () => {
    const { answered, restored } = memory();
    await answered(DEEPSEEK, [user('go')], bare('hm'), call('a'));
    const sent = [user('go'), said(bare('shortened'), call('a')), result('a')];
    assert.deepEqual((await restored(DEEPSEEK, ...sent)).request.messages, sent);
  });

  it('stays where only signatures of other parts are missing', async () => {
    const { answered, contents } = memory();
    await answered(GEMINI, [user('go')], bare('hm'), words('Yes.'), call('a', 'a', thoughtSignature('one')));
    const made = await contents(GEMINI, user('go'), said(bare('hm'), words('Yes.'), call('a')), result('a'));
    assert.deepEqual(made, [[bare('hm'), words('Yes.'), call('a', 'a', thoughtSignature('one'))]]);
  });
});

describe('an answer that the client changed', () => {
  it('gets back what goes with its calls, and the rest is told as lost', async () => {
    const { answered, restored } = memory();
    const sign = thoughtSignature('one');
    await answered(GEMINI, [user('go')], words('Long words.', sign), call('a', 'a', thoughtSignature('two')));
    const { request: made, losses } = await restored(GEMINI, user('go'), said(words('Cut.'), call('a')), result('a'));
    assert.deepEqual(made.messages[1], said(words('Cut.'), call('a', 'a', thoughtSignature('two'))));
    assert.deepEqual(losses, [
      { path: 'messages[1]', what: '`thoughtSignature` of an answer that the client changed', instead: 'dropped' },
    ]);
  });

  it('keeps the first thought before its words', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('go')], signed('1'), words('Long words.'), signed('2'), call('a'), call('b'));
    const made = await contents(CLAUDE, user('go'), said(words('Cut.'), call('a')), result('a'));
    assert.deepEqual(made, [[signed('1'), words('Cut.'), signed('2'), call('a')]]);
  });

  it('is found though its instructions changed', async () => {
    const { answered, restored } = memory();
    const told = (text: string): Message => ({ role: 'system', audience: 'system', content: [words(text)] });
    await answered(CLAUDE, [told('one'), user('go')], signed('1'), words('OK.'));
    const { restored: places } = await restored(CLAUDE, told('two'), user('go'), said(words('OK.')), user('more'));
    assert.equal(places.length, 1);
  });

  it('is found behind its question though what came before was cut', async () => {
    const { answered, contents } = memory();
    await answered(CLAUDE, [user('a'), said(words('b')), user('c')], signed('1'), words(LONG));
    const own = said(words(LONG));
    assert.deepEqual(await contents(CLAUDE, user('c'), own, user('d')), [[signed('1'), words(LONG)]]);
  });
});

describe('answers that say the same', () => {
  it('keep their own thoughts', async () => {
    const { answered, contents } = memory();
    const sent: Message[] = [];
    for (const each of ['1', '2', '3']) {
      sent.push(user('continue'));
      await answered(CLAUDE, sent, signed(each), words('OK.'));
      sent.push(said(words('OK.')));
    }
    const made = await contents(CLAUDE, ...sent, user('continue'));
    assert.deepEqual(
      made,
      ['1', '2', '3'].map((each) => [signed(each), words('OK.')]),
    );
  });

  it('get nothing from one that answered something else', async () => {
    const { answered, restored } = memory();
    await answered(CLAUDE, [user('one thing')], signed('1'), words('Done.'));
    const sent = [user('another'), said(words('Done.')), user('more')];
    assert.deepEqual((await restored(CLAUDE, ...sent)).restored, []);
  });

  it('get nothing from one that said as much behind another question, however long it is', async () => {
    const { answered, restored } = memory();
    await answered(CLAUDE, [user('one thing')], signed('1'), words(LONG));
    const { restored: back, losses } = await restored(CLAUDE, user('another'), said(words(LONG)), user('more'));
    assert.deepEqual([back, losses], [[], []]);
  });

  it('get nothing from one whose calls have other ids in another conversation', async () => {
    const { answered, restored } = memory();
    await answered(CLAUDE, [user('a'), said(words('b')), user('go')], signed('1'), call('theirs', 'x'));
    const sent = [user('go'), said(call('mine', 'x')), result('mine')];
    assert.deepEqual((await restored(CLAUDE, ...sent)).restored, []);
  });

  it('are given back the state of the issuer that is asked again, and tell no loss of the other', async () => {
    const { answered, restored } = memory();
    const other = { ...CLAUDE, provider: 'elsewhere' };
    await answered(CLAUDE, [user('go')], signed('1'), words('Done.'));
    await answered(other, [user('go')], signed('2'), words('Done.'));
    for (const [issuer, name] of [
      [CLAUDE, '1'],
      [other, '2'],
    ] as const) {
      const { request, losses } = await restored(issuer, user('go'), said(words('Done.')), user('more'));
      assert.deepEqual(request.messages[1]?.content, [signed(name), words('Done.')]);
      assert.deepEqual(losses, []);
    }
  });

  it('tell no loss of another conversation that had the same question once', async () => {
    const { answered, restored } = memory();
    const other = { ...CLAUDE, provider: 'elsewhere' };
    await answered(other, [user('a'), said(words('b')), user('go')], signed('1'), words('Done.'));
    const made = await restored(CLAUDE, user('go'), said(words('Done.')), user('more'));
    assert.deepEqual([made.restored, made.losses], [[], []]);
  });

  it('are told apart by their conversation where ids of calls are counted anew', async () => {
    const { answered, contents } = memory();
    for (const each of ['x', 'y']) await answered(CLAUDE, [user(each)], signed(each), call('read:0'));
    for (const each of ['x', 'y'])
      assert.deepEqual(await contents(CLAUDE, user(each), said(call('read:0')), result('read:0')), [
        [signed(each), call('read:0')],
      ]);
  });
});

it('tells two answers apart that share a call, and gives nothing twice', async () => {
  const { answered, contents } = memory();
  await answered(CLAUDE, [user('go')], signed('1'), words('First.'), call('read:0'));
  const sent = [
    user('go'),
    said(words('First.'), call('read:0')),
    result('read:0'),
    said(words('Again.'), call('read:0')),
  ];
  assert.deepEqual(await contents(CLAUDE, ...sent), [
    [signed('1'), words('First.'), call('read:0')],
    [words('Again.'), call('read:0')],
  ]);
});

describe('issuer and target', () => {
  const states: Readonly<Record<string, readonly [Issuer, readonly Part[]]>> = {
    'anthropic-messages': [CLAUDE, [signed('1'), call('a')]],
    gemini: [GEMINI, [call('a', 'a', thoughtSignature('one'))]],
    'openai-chat': [DEEPSEEK, [bare('1'), call('a')]],
  };
  const sent = [user('go'), said(call('a')), result('a')];

  for (const [format, [issuer, content]] of Object.entries(states))
    it(`may be two accounts of one provider for ${format}`, async () => {
      const { answered, contents } = memory();
      await answered(issuer, [user('go')], ...content);
      assert.deepEqual(await contents({ ...issuer, account: 'two' }, ...sent), [content]);
    });

  it('must be the same account for encrypted reasoning of OpenAI', async () => {
    const { answered, restored } = memory();
    await answered(OPENAI, [user('go')], redacted('gAAA'), call('a'));
    assert.equal((await restored(OPENAI, ...sent)).restored.length, 1);
    const { restored: places, losses } = await restored({ ...OPENAI, account: 'two' }, ...sent);
    assert.deepEqual(places, []);
    const what = 'encrypted reasoning of another account';
    assert.deepEqual(losses, [{ path: 'messages[1]', what, instead: 'dropped' }]);
  });

  it('must be the same account where the vault is told so', async () => {
    const { answered, restored } = memory({
      bindingOf: ({ provider }) => (provider === 'google' ? 'account' : 'provider'),
    });
    await answered(GEMINI, [user('go')], call('a', 'a', thoughtSignature('one')));
    assert.equal((await restored({ ...GEMINI, account: 'two' }, ...sent)).restored.length, 0);
  });

  it('must be of one family where both are known', async () => {
    const { answered, restored } = memory();
    await answered({ ...DEEPSEEK, provider: 'reseller', family: 'deepseek' }, [user('go')], bare('1'), call('a'));
    const to = async (family: string | undefined): Promise<number> => {
      const target = { ...DEEPSEEK, provider: 'reseller', ...(family !== undefined && { family }) };
      return (await restored(target, ...sent)).restored.length;
    };
    assert.deepEqual([await to('deepseek'), await to('kimi'), await to(undefined)], [1, 0, 1]);
    await answered(DEEPSEEK, [user('go')], bare('1'), call('a'));
    assert.equal((await restored({ ...DEEPSEEK, family: 'deepseek' }, ...sent)).restored.length, 1);
  });

  it('takes away what the client itself sent and the target cannot verify, and nothing else', async () => {
    const { answered, restored } = memory();
    const own = { ...signed('2'), signature: 'the client’s own' };
    await answered(CLAUDE, [user('go')], signed('1'), call('a'));
    const sent = [user('go'), said(signed('1'), own, call('a'))];
    const { losses, request } = await restored({ ...CLAUDE, provider: 'other' }, ...sent);
    const bare = { type: 'reasoning', text: signed('1').text };
    assert.deepEqual(request.messages[1]?.content, [bare, own, call('a')]);
    assert.deepEqual(losses, [{ path: 'messages[1]', what: 'reasoning of another provider', instead: 'dropped' }]);
  });
});

describe('pinOf', () => {
  const pinned = (vault: SignedStateVault, ...messages: readonly Message[]): ReturnType<SignedStateVault['pinOf']> =>
    vault.pinOf(request(...messages), 's');

  it('names the issuer of the newest state, whoever sends it', async () => {
    const { answered, vault } = memory();
    const first = [user('go'), said(call('a')), result('a')];
    await answered(OPENAI, first.slice(0, 1), redacted('gAAA'), call('a'));
    await answered(CLAUDE, first, signed('1'), words('Yes.'));
    assert.deepEqual(await pinned(vault, ...first), { issuer: OPENAI, binding: 'account' });
    const claude = { issuer: CLAUDE, binding: 'provider' };
    assert.deepEqual(await pinned(vault, ...first, said(words('Yes.')), user('more')), claude);
    assert.deepEqual(await pinned(vault, ...first, said(signed('1'), words('Yes.')), user('more')), claude);
  });

  it('names nobody where nothing is known', async () => {
    const { answered, vault } = memory();
    await answered(CLAUDE, [user('go')], words(LONG), call('a'));
    assert.equal(await pinned(vault, user('go'), said(words(LONG), call('a')), result('a')), undefined);
    assert.equal(await pinned(vault, user('go')), undefined);
  });
});

describe('remembering', () => {
  it('keeps nothing of an answer without state', async () => {
    const { answered, store } = memory();
    await answered(CLAUDE, [user('go')], words(LONG), call('a'));
    await answered(
      OPENAI,
      [user('go')],
      { ...bare('a summary'), extras: { 'openai-responses': { item: { id: 'rs_1' } } } },
      call('a'),
    );
    await answered(GEMINI, [user('go')], bare('a summary'), words(LONG));
    assert.equal(store.turns, 0);
  });

  it('keeps nothing that the client saw', async () => {
    const { answered, store } = memory();
    await answered(CLAUDE, [user('the question')], signed('1'), words('the answer'), call('a', 'the path'));
    const seen: unknown[] = [];
    const spy: StateStore = { get: (keys) => keys.map(() => undefined), put: (...given) => void seen.push(given) };
    await memory({ store: spy }).answered(
      CLAUDE,
      [user('the question')],
      signed('1'),
      words('the answer'),
      call('a', 'the path'),
    );
    assert.equal(store.turns, 1);
    assert.doesNotMatch(JSON.stringify(seen), /the (?:question|answer|path)/);
  });

  const observed = async (events: readonly StreamEvent[], answerBytesMax?: number): Promise<number> => {
    const { vault, store } = memory(answerBytesMax === undefined ? {} : { answerBytesMax });
    const observer = vault.observe({ scope: 's', issuer: CLAUDE, request: request(user('go')) });
    for (const event of events) observer.step(event);
    await observer.end();
    return store.turns;
  };
  const thinking: readonly StreamEvent[] = [
    { type: 'response-start', id: 'r', model: 'm', createdAtMs: 0 },
    { type: 'part-start', index: 0, part: bare('') },
    { type: 'part-delta', index: 0, delta: { type: 'signature', signature: 's'.repeat(1000) } },
    { type: 'part-end', index: 0 },
    { type: 'part-start', index: 1, part: words(LONG) },
    { type: 'part-end', index: 1 },
  ];
  const finish: StreamEvent = { type: 'finish', finish: { reason: 'stop' } };

  it('waits for the end of a stream', async () => {
    assert.equal(await observed([...thinking, finish]), 1);
    assert.equal(await observed(thinking), 0);
    const failure = { kind: 'network', message: 'gone' } as const;
    assert.equal(await observed([...thinking, { type: 'failure', failure }, finish]), 0);
  });

  it('gives up an answer whose state is too large, and not one that only says much', async () => {
    assert.equal(await observed([...thinking, finish], 2000), 0);
    const talk = Array.from({ length: 1000 }, (): StreamEvent => ({
      type: 'part-delta',
      index: 1,
      delta: { type: 'text', text: 'words and words ' },
    }));
    assert.equal(await observed([...thinking.slice(0, -1), ...talk, ...thinking.slice(-1), finish], 4000), 1);
  });

  it('keeps state as long as it is told', async () => {
    const lifetimes: number[] = [];
    const store: StateStore = { get: (keys) => keys.map(() => undefined), put: (_, __, ms) => void lifetimes.push(ms) };
    await memory({ store }).answered(CLAUDE, [user('go')], signed('1'), call('a'));
    await memory({ store, lifetimeMs: 5 }).answered(CLAUDE, [user('go')], signed('1'), call('a'));
    assert.deepEqual(lifetimes, [24 * 60 * 60 * 1000, 5]);
  });
});

describe('a store', () => {
  const sent = [user('go'), said(call('a')), result('a')];

  it('may be far away and hand out copies', async () => {
    const far = new Map<string, string>();
    const store: StateStore = {
      get: (keys) =>
        Promise.resolve(keys.map((key) => (far.has(key) ? (JSON.parse(far.get(key) ?? '') as SignedTurn) : undefined))),
      put: async (keys, turn) => {
        await Promise.resolve();
        for (const key of keys) far.set(key, JSON.stringify(turn));
      },
    };
    const { answered, contents, restored } = memory({ store });
    await answered(CLAUDE, [user('go')], signed('1'), call('a'), signed('\ud800'), call('b'));
    const own = [user('go'), said(call('a')), result('a'), said(call('b')), result('b')];
    assert.deepEqual(await contents(CLAUDE, ...own), [
      [signed('1'), call('a')],
      [signed('\ud800'), call('b')],
    ]);
    assert.deepEqual((await restored(CLAUDE, ...own)).losses, []);
  });

  it('may fail without failing the call', async () => {
    const heard: unknown[] = [];
    const broken = new Error('gone');
    const store: StateStore = {
      get: () => Promise.reject(broken),
      put: () => {
        throw broken;
      },
    };
    const { answered, restored, vault } = memory({ store, onStoreFailure: (error) => heard.push(error) });
    await answered(CLAUDE, [user('go')], signed('1'), call('a'));
    assert.deepEqual(await restored(CLAUDE, ...sent), { request: request(...sent), restored: [], losses: [] });
    assert.equal(await vault.pinOf(request(...sent), 's'), undefined);
    assert.deepEqual(heard, [broken, broken, broken]);
  });

  it('cannot pass another answer off by a key that collides', async () => {
    let kept: SignedTurn | undefined;
    const store: StateStore = { get: (keys) => keys.map(() => kept), put: (_, turn) => void (kept = turn) };
    const { answered, restored } = memory({ store });
    await answered(CLAUDE, [user('go')], signed('1'), call('a'));
    assert.equal((await restored(CLAUDE, ...sent)).restored.length, 1);
    for (const other of [said(call('b', 'b')), said(call('a', 'b')), said(words(LONG)), said(words(LONG), call('b'))])
      assert.equal((await restored(CLAUDE, user('go'), other, result('a'))).restored.length, 0);
  });

  it('is asked once for a whole conversation, and not where nobody has answered yet', async () => {
    let asked = 0;
    const store: StateStore = {
      get(keys) {
        asked += 1;
        assert.equal(new Set(keys).size, keys.length);
        return keys.map(() => undefined);
      },
      put: () => {},
    };
    const { restored } = memory({ store });
    await restored(CLAUDE, user('go'));
    assert.equal(asked, 0);
    await restored(CLAUDE, ...sent, said(words('x')), said(call('a'), call('a')), result('a'));
    assert.equal(asked, 1);
  });
});

it('knows the same answers whatever format they are asked in', async () => {
  for (const format of ['bedrock-converse', 'ollama-chat'] satisfies WireFormatId[]) {
    const issuer = { format, provider: 'p', account: 'a' };
    const { answered, contents } = memory();
    await answered(issuer, [user('go')], signed('1'), words('Yes.'), call('a'));
    const made = await contents(issuer, user('go'), said(words('Yes.\r\n'), call('a')), result('a'));
    assert.deepEqual(made, [[signed('1'), words('Yes.\r\n'), call('a')]]);
  }
});
