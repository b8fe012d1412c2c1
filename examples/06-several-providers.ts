/** Others that answer when one fails, the fastest of several, each in turn. */
import { newFallbackProvider, newLoadBalanceProvider, newRacingProvider, type Provider } from '@patchbay/llm';
import { newMockProvider, setMockResponse } from '@patchbay/llm/testing';

const [first, second] = [newMockProvider('first'), newMockProvider('second')];
setMockResponse(first, new Error('503 Service Unavailable'));
setMockResponse(second, 'from the second');

async function ask(provider: Provider): Promise<string> {
  let text = '';
  for await (const chunk of await provider.generateChatCompletion({ prompt: 'Hi', stream: true }))
    text += chunk.content;
  return text;
}

console.log(await ask(newFallbackProvider([first, second]))); // → from the second
console.log(await ask(newRacingProvider([first, second]))); // → from the second

setMockResponse(first, 'from the first');
const inTurn = newLoadBalanceProvider([first, second]);
console.log(await ask(inTurn), '/', await ask(inTurn)); // → from the first / from the second
