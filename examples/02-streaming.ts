/** Shows an answer while it is made. Leaving the loop, or aborting the signal, ends it at the provider. */
import { createClient } from '@patchbay/llm';

const client = createClient();
const stream = client.stream({ model: 'simulator/echo', prompt: 'one two three' });
const pieces: string[] = [];
for await (const piece of stream.textStream) pieces.push(piece);
console.log(pieces.length, pieces.join('|')); // → 3 one| two| three

const whole = await stream.result();
console.log(whole.usage !== undefined); // → true

const leaving = new AbortController();
for await (const event of client.stream({ model: 'simulator/echo', prompt: 'a b c d' }, { signal: leaving.signal })) {
  if (event.type === 'part-delta') leaving.abort();
  if (event.type === 'failure') console.log(event.failure.kind); // → cancelled
}
