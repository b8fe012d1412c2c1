import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BURST_EVENTS, JSON_TEXT, jsonAnswer, requestBody, streamEvents, streamText } from './payloads.mjs';
import { verifyAnswer } from './verify-answer.mjs';

for (const dialect of ['openai', 'anthropic']) {
  const stream = { dialect, isStream: true, text: streamText(dialect, BURST_EVENTS) };
  const events = streamEvents(dialect, BURST_EVENTS);

  describe(`verifying ${dialect} answers`, () => {
    it('accepts what the mock sends', () => {
      assert.equal(verifyAnswer(stream, events.join('')), undefined);
      assert.equal(
        verifyAnswer({ dialect, isStream: false, text: JSON_TEXT }, JSON.stringify(jsonAnswer(dialect))),
        undefined,
      );
    });

    it('refuses a stream that lost, doubled or swapped an event, or its ending', () => {
      const broken = [
        events.toSpliced(20, 1),
        events.toSpliced(20, 0, events[20]),
        events.toSpliced(20, 2, events[21], events[20]),
        events.slice(0, -1),
      ];
      for (const each of broken) assert.notEqual(verifyAnswer(stream, each.join('')), undefined);
    });

    it('refuses a stream without usage', () => {
      const without = events.map((event) => event.replaceAll(/"(completion|output)_tokens":\d+/g, '"x":0'));
      assert.equal(verifyAnswer(stream, without.join('')), 'The usage is missing.');
    });

    it('fills requests to the size asked for', () => {
      assert.equal(requestBody({ dialect, model: 'bench', isStream: true, bytes: 150_000 }).length, 150_000);
    });
  });
}
