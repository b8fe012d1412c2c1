import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { PROVIDERS } from '../../providers/registry.ts';
import { callIdOf, isCallId } from './call-id.ts';
import { openAiChat } from './index.ts';

describe('the id of a call at a server that wants one of a length', () => {
  it('stays as it is where it fits', () => {
    assert.equal(callIdOf('D681PevKs', 9), 'D681PevKs');
  });

  it('is made of any other id, the same each time and another for another', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 20 }), (ids) => {
        const made = ids.map((id) => callIdOf(id, 9));
        assert.ok(made.every((id) => isCallId(id, 9)));
        assert.deepEqual(
          ids.map((id) => callIdOf(id, 9)),
          made,
        );
        assert.equal(new Set(made).size, ids.length);
      }),
    );
  });

  it('is short enough for OpenAI, whoever made it', () => {
    const id = `fc_${'0'.repeat(50)}`;
    const request = {
      model: 'm',
      messages: [
        { role: 'assistant', content: [{ type: 'tool-call', id, name: 'weather', argumentsJson: '{}' }] },
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: id, content: [], isError: false }] },
      ],
      stream: false,
      streamUsage: false,
    } as const;
    const encoded = openAiChat.encodeRequest(request, {});
    assert.ok(encoded.ok);
    const ids = JSON.stringify(encoded.value.body).match(/(?<="(?:id|tool_call_id)":")[^"]*/g) ?? [];
    assert.deepEqual([ids.length, new Set(ids).size, ids[0]?.length], [2, 1, 40]);
    assert.equal(encoded.value.losses.length, 2);
  });

  it('goes to Mistral with calls and results alike, and is told', () => {
    const [speaks] = PROVIDERS.mistral.speaks;
    const call = { type: 'tool-call', id: 'toolu_01A', name: 'weather', argumentsJson: '{}' } as const;
    const result = { type: 'tool-result', toolCallId: 'toolu_01A', content: [], isError: false } as const;
    const request = {
      model: 'mistral-large-latest',
      messages: [
        { role: 'assistant', content: [call] },
        { role: 'tool', content: [result] },
      ],
      stream: false,
      streamUsage: false,
    } as const;
    const encoded = openAiChat.encodeRequest(request, speaks.dialect);
    assert.ok(encoded.ok);
    const { body, losses } = encoded.value;
    const ids = JSON.stringify(body).match(/(?<="(?:id|tool_call_id)":")[^"]*/g) ?? [];
    assert.equal(ids.length, 2);
    assert.equal(new Set(ids).size, 1);
    assert.match(ids[0] ?? '', /^[a-zA-Z0-9]{9}$/);
    assert.deepEqual(
      losses.map(({ path, instead }) => [path, instead]),
      [
        ['messages[0].content[0].id', 'approximated'],
        ['messages[1].content[0].toolCallId', 'approximated'],
      ],
    );
  });
});
