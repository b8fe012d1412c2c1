/** Reads an answer as a client would; one function per dialect and kind. */
const READERS = {
  openai: { json: readOpenAiJson, stream: readOpenAiStream },
  anthropic: { json: readAnthropicJson, stream: readAnthropicStream },
};
/** What the last bytes of a complete stream hold. */
const ENDINGS = { openai: '[DONE]', anthropic: 'message_stop' };

/** A sentence when the body is not the expected answer with its usage, else undefined. */
export function verifyAnswer(expected, body) {
  const read = READERS[expected.dialect][expected.isStream ? 'stream' : 'json'];
  let seen;
  try {
    seen = read(body);
  } catch (error) {
    return `The answer cannot be read: ${error.message} ${body.slice(0, 200)}`;
  }
  if (seen.text !== expected.text)
    return `The text differs: ${seen.text.length} characters instead of ${expected.text.length}: ${body.slice(0, 200)}`;
  if (!(seen.outputTokens > 0)) return 'The usage is missing.';
  if (!seen.isComplete) return 'The ending is missing.';
  return undefined;
}

/** The cheap check made on every answer: status, and the ending of a stream. */
export function looksComplete(expected, reader) {
  if (reader.status !== 200) return false;
  return !expected.isStream || reader.tail.includes(ENDINGS[expected.dialect]);
}

function readOpenAiJson(body) {
  const { choices, usage } = JSON.parse(body);
  return {
    text: choices[0].message.content,
    outputTokens: usage?.completion_tokens,
    isComplete: choices[0].finish_reason === 'stop',
  };
}

function readAnthropicJson(body) {
  const { content, usage, stop_reason: stopReason } = JSON.parse(body);
  return { text: content[0].text, outputTokens: usage?.output_tokens, isComplete: stopReason === 'end_turn' };
}

const dataLines = (body) =>
  body
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim());

function readOpenAiStream(body) {
  const lines = dataLines(body);
  const isComplete = lines.pop() === '[DONE]';
  const seen = { text: '', outputTokens: 0, isComplete };
  for (const line of lines) {
    const { choices, usage } = JSON.parse(line);
    seen.text += choices?.[0]?.delta?.content ?? '';
    seen.outputTokens = usage?.completion_tokens ?? seen.outputTokens;
  }
  return seen;
}

function readAnthropicStream(body) {
  const seen = { text: '', outputTokens: 0, isComplete: false };
  for (const line of dataLines(body)) {
    const event = JSON.parse(line);
    if (event.type === 'content_block_delta') seen.text += event.delta.text ?? '';
    seen.outputTokens = event.usage?.output_tokens ?? seen.outputTokens;
    seen.isComplete = event.type === 'message_stop';
  }
  return seen;
}
