/** Leaves a provider alone while it keeps failing, and tries it again later. */
import { newCircuitBreakerProvider } from '@patchbay/llm';
import { newMockProvider, setMockResponse, steppedClock } from '@patchbay/llm/testing';

const clock = steppedClock();
const mock = newMockProvider('shaky', { clock });
setMockResponse(mock, new Error('500'));
const guarded = newCircuitBreakerProvider(mock, { clock });

for (let times = 0; times < 5; times += 1) await guarded.generateChatCompletion({ prompt: 'Hi' }).catch(() => {});
console.log(mock.calls.length, 'of 5 reached it'); // → 3 of 5 reached it

setMockResponse(mock, 'well again');
await clock.step(30_000);
const stream = await guarded.generateChatCompletion({ prompt: 'Hi' });
console.log((await stream.next()).content); // → well again
