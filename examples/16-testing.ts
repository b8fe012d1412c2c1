/** Tests without a network: mocks, scripts, recordings, and everything that goes wrong. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '@patchbay/llm';
import {
  faultyExchange,
  newMockProvider,
  recordedExchange,
  scriptedExchange,
  setMockResponse,
} from '@patchbay/llm/testing';

const mock = newMockProvider('test-provider');
setMockResponse(mock, { content: 'Mock response', done: true });
const stream = await mock.generateChatCompletion({ prompt: 'Test prompt' });
console.log((await stream.next()).content, mock.calls.length); // → Mock response 1

const credentials = { openai: 'your-api-key' };
const ask = { model: 'openai/gpt-5', prompt: 'Hi' };

// The first answer breaks off after 40 bytes; the client asks again by itself.
const exchange = faultyExchange(scriptedExchange(['Hello.']), [{ kind: 'cut', afterBytes: 40 }]);
console.log((await createClient({ exchange, credentials }).generate(ask)).text); // → Hello.

// Recorded once, replayed ever after; `inner` would be the network.
const folder = await mkdtemp(path.join(tmpdir(), 'example-'));
const file = path.join(folder, 'hello.json');
const recording = recordedExchange({ file, inner: scriptedExchange(['Recorded.']) });
await createClient({ exchange: recording, credentials }).generate(ask);
await recording.saved();
const replay = createClient({ exchange: recordedExchange({ file, mode: 'replay' }), credentials });
console.log((await replay.generate(ask)).text); // → Recorded.
await rm(folder, { recursive: true });
