/** Tools before they are sent, calls before they are run, and conversations that lack answers. */
import { newToolValidator, truncateMessages, type ChatMessage, type ChatTool } from '@patchbay/llm';

const weather: ChatTool = {
  name: 'get_weather',
  description: 'Get weather for a location',
  inputSchema: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
};
const validator = newToolValidator();
console.log(validator.validateDefinition(weather)); // → []
console.log(validator.validateDefinition({ name: 'no spaces', description: 'x' }).length); // → 2

const call = {
  id: 'call_1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"location":7}' },
} as const;
console.log(validator.validateCall(call, [weather]).length); // → 1

const messages: readonly ChatMessage[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'How is the weather?' },
  { role: 'assistant', toolCalls: [call] },
  { role: 'user', content: 'Well?' },
];
console.log(validator.validateSequence(messages)); // → [ { kind: 'missing_response', toolCallId: 'call_1', at: 2 } ]
console.log(
  validator
    .repair(messages)
    .map(({ role }) => role)
    .join(' '),
); // → system user assistant tool user

console.log(truncateMessages(messages, 5).map(({ role }) => role)); // → [ 'system', 'user' ]
