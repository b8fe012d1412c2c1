/** Asks a model and prints its answer, what it used and what it cost. */
import { createClient } from '@patchbay/llm';

const client = createClient();
const answer = await client.generate({ model: 'simulator/echo', prompt: 'Say hello.' });
console.log(answer.text); // → Say hello.
console.log(answer.finish.reason, answer.provider); // → stop simulator
