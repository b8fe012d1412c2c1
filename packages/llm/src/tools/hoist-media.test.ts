import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Message } from '../model/message.ts';
import type { MediaPart, Part, ToolResultPart } from '../model/part.ts';
import { counted } from '../testing/work.ts';
import { hoistMedia } from './hoist-media.ts';
import { repairConversation } from './repair-conversation.ts';

const text = (words: string): Part => ({ type: 'text', text: words });
const image = (data: string): MediaPart => ({
  type: 'media',
  mediaType: 'image/png',
  source: { kind: 'base64', data },
  cacheControl: { type: 'ephemeral' },
});
const result = (toolCallId: string, ...content: readonly Part[]): ToolResultPart => ({
  type: 'tool-result',
  toolCallId,
  content,
  isError: false,
});
const user: Message = { role: 'user', content: [text('go on')] };
const calls: Message = {
  role: 'assistant',
  content: ['1', '2'].map((id) => ({ type: 'tool-call', id, name: `shot_${id}`, argumentsJson: '{}' })),
};

describe('media in tool results', () => {
  const messages: readonly Message[] = [
    calls,
    { role: 'tool', content: [result('1', text('seen'), image('a'), image('b'))] },
    { role: 'tool', content: [{ ...result('2', image('c')), isError: true }] },
    user,
  ];

  it('stand in a user’s message behind all results, each behind the name of its call', () => {
    const { messages: made, losses } = hoistMedia(messages);
    assert.deepEqual(made, [
      calls,
      { role: 'tool', content: [result('1', text('seen'))] },
      { role: 'tool', content: [{ ...result('2', text('The result is in the next message.')), isError: true }] },
      {
        role: 'user',
        content: [
          text('Result of the tool call 1 (shot_1):'),
          image('a'),
          image('b'),
          text('Result of the tool call 2 (shot_2):'),
          image('c'),
        ],
      },
      user,
    ]);
    assert.deepEqual(
      losses.map(({ path, instead }) => `${path};${instead}`),
      [
        'messages[1].content[0].content[1];moved',
        'messages[1].content[0].content[2];moved',
        'messages[2].content[0].content[0];moved',
      ],
    );
  });

  it('leave a conversation that needs no repair', () => {
    const { messages: made } = hoistMedia(messages);
    assert.equal(repairConversation(made).messages, made);
    assert.equal(repairConversation(made, { refusesSameRole: true }).messages.length, 3);
  });

  it('are gone when they were the last word', () => {
    const { messages: made } = hoistMedia(messages.slice(0, 3));
    assert.equal(made.at(-1)?.role, 'user');
    assert.equal(hoistMedia(made).messages, made);
  });
});

describe('documents in tool results', () => {
  const document = (filename?: string): MediaPart => ({
    type: 'media',
    mediaType: 'text/plain',
    source: { kind: 'text', text: 'words' },
    ...(filename !== undefined && { filename }),
  });

  it('that are text become text where they stand', () => {
    const messages: readonly Message[] = [
      calls,
      { role: 'tool', content: [result('1', document('notes.txt')), result('2', document())] },
    ];
    const { messages: made, losses } = hoistMedia(messages);
    assert.deepEqual(made, [
      calls,
      { role: 'tool', content: [result('1', text('notes.txt:\nwords')), result('2', text('words'))] },
    ]);
    assert.deepEqual(
      losses.map(({ instead }) => instead),
      ['approximated', 'approximated'],
    );
  });
});

describe('a conversation without media in results', () => {
  it('comes back as the very same list', () => {
    const messages: readonly Message[] = [
      { role: 'user', content: [image('a')] },
      calls,
      { role: 'tool', content: [result('1', text('a')), result('2')] },
    ];
    assert.deepEqual(hoistMedia(messages), { messages, losses: [] });
    assert.equal(hoistMedia(messages).messages, messages);
  });
});

describe('the work of moving media', () => {
  it('grows no faster than the conversation', () => {
    const reads = [100, 1000].map((size) => {
      const work = { count: 0 };
      const results = Array.from({ length: size }, (_, at) => result('1', image(`${at}`)));
      const many: readonly Message[] = [calls, { role: 'tool', content: results }];
      hoistMedia(counted(many, work));
      return work.count;
    });
    assert.ok((reads[1] as number) <= 12 * (reads[0] as number), `${reads.join(' and ')} reads`);
  });
});
