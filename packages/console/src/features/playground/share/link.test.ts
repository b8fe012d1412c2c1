import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import { waiting } from '../conversation.ts';
import { NO_SETTINGS } from '../parameters.ts';
import { nameOf, type KeptChat } from './kept-chat.ts';
import { CARRIED_BYTES_MAX, chatIn, FRAGMENT, linkOf } from './link.ts';
import { readChat } from './read-chat.ts';

const IMAGE = { kind: 'image', name: 'a.png', mediaType: 'image/png', bytes: 3, content: 'AAAA' } as const;
const CHAT: KeptChat = {
  models: ['simulator/echo', 'simulator/tools'],
  settings: { ...NO_SETTINGS, system: 'Be brief.', effort: 'low' },
  tools: [{ name: 'get_weather', description: 'Now.', schema: '{}' }],
  turns: [
    {
      text: '<script>alert(1)</script> ☀',
      attachments: [IMAGE, { ...IMAGE, name: 'large.png', bytes: CARRIED_BYTES_MAX + 1 }],
      lanes: [
        [{ ...waiting('simulator/echo'), state: 'done', text: 'Sun.', requestId: 'mine', outputTokens: 3 }],
        [
          {
            ...waiting('simulator/tools'),
            calls: [{ id: 'c', name: 'get_weather', argumentsJson: '{}', result: '1' }],
          },
        ],
      ],
    },
  ],
};

const fragmentOf = (address: string): string => address.slice(address.indexOf('#') + 1);
const folded = (text: string): string => FRAGMENT + deflateRawSync(text).toString('base64url');

describe('a link to a chat', () => {
  it('holds it whole but for large attachments, ids of the log, and what was on its way', async () => {
    const { address, leftOut } = await linkOf(CHAT, 'https://gate.example/playground');
    assert.match(address, /^https:\/\/gate\.example\/playground#chat=[\w-]+$/);
    assert.deepEqual(leftOut, ['large.png']);
    const [turn] = CHAT.turns;
    const [[echo] = [], [tools] = []] = turn?.lanes ?? [];
    assert.ok(turn && echo && tools);
    const { requestId: _, ...shared } = echo;
    const { content: __, ...large } = { ...IMAGE, name: 'large.png', bytes: CARRIED_BYTES_MAX + 1 };
    assert.deepEqual(await chatIn(fragmentOf(address)), {
      ...CHAT,
      turns: [{ ...turn, attachments: [IMAGE, large], lanes: [[shared], [{ ...tools, state: 'stopped' }]] }],
    });
  });

  it('is nothing where the fragment is of something else, and is refused where it was cut or is none', async () => {
    assert.equal(await chatIn('section'), undefined);
    const { address } = await linkOf(CHAT, '');
    for (const broken of [fragmentOf(address).slice(0, -9), `${FRAGMENT}%%`, FRAGMENT, folded('{')])
      await assert.rejects(chatIn(broken), /cannot be read/);
  });

  it('is refused where it would unfold to more than a chat can be', async () => {
    const bomb = folded(JSON.stringify({ models: ['x'.repeat(9_000_000)] }));
    assert.ok(bomb.length < 20_000);
    await assert.rejects(chatIn(bomb), /cannot be read/);
  });

  it('leaves out whatever has another shape', () => {
    const hostile: unknown = {
      models: ['ok', 7, '', 'x'.repeat(1000), 'b', 'c'],
      settings: { effort: 'endless', system: { a: 1 }, temperature: 5, toolChoice: 'auto' },
      tools: [null, { name: ['x'] }],
      turns: [
        null,
        {
          text: 1,
          attachments: [
            { kind: 'image', mediaType: 'text/html', content: 'AAAA' },
            { kind: 'image', mediaType: 'image/png', content: '"><script>' },
            { kind: 'page', mediaType: 'text/plain' },
          ],
          lanes: [7, [{ state: 'streaming', text: {}, calls: 'x', tookMs: -1, error: { a: 1 } }]],
        },
      ],
    };
    const empty = { text: '', attachments: [], lanes: [] };
    assert.deepEqual(readChat(hostile), {
      models: ['ok'],
      settings: { ...NO_SETTINGS, toolChoice: 'auto' },
      tools: [
        { name: '', description: '', schema: '' },
        { name: '', description: '', schema: '' },
      ],
      turns: [empty, { ...empty, lanes: [[], [{ ...waiting(''), state: 'stopped' }]] }],
    });
    assert.deepEqual(readChat('text').turns, []);
  });
});

describe('the name of a chat', () => {
  it('is how it begins', () => {
    assert.equal(nameOf({ turns: [{ text: ' a \n b ', attachments: [], lanes: [] }] }), 'a b');
    assert.equal(nameOf({ turns: [{ text: 'x'.repeat(99), attachments: [], lanes: [] }] }).length, 60);
    assert.equal(nameOf({ turns: [] }), 'Empty chat');
  });
});
