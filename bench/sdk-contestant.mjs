/** One way of calling a model, in a process of its own, so that its processor time and its memory are its own. */
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';

const [built] = process.argv.slice(2);
const { createClient, PROVIDERS } = await import(`${built}/index.js`);
const { createPatchbay } = await import(`${built}/ai-sdk.js`);

/** Each: a whole answer's text, and the pieces of a streamed one. */
const CONTESTANTS = {
  fetch: (url) => ({
    whole: async (model, prompt) =>
      JSON.parse(await (await post(url, { model, prompt })).text()).choices[0].message.content,
    pieces: async function* (model, prompt) {
      yield* (await post(url, { model, prompt, stream: true })).body;
    },
  }),
  patchbay: (url) => {
    const providers = [{ ...PROVIDERS.openai, baseUrl: url }];
    const client = createClient({ providers, credentials: { openai: 'key' } });
    return {
      whole: async (model, prompt) => (await client.generate({ model: `openai/${model}`, prompt })).text,
      pieces: (model, prompt) => client.stream({ model: `openai/${model}`, prompt }).textStream,
    };
  },
  ai: (url) => viaAi(createOpenAI({ baseURL: url, apiKey: 'key' }).chat),
  'ai, patchbay as its provider': (url) => {
    const providers = [{ ...PROVIDERS.openai, baseUrl: url }];
    const patchbay = createPatchbay({ providers, credentials: { openai: 'key' } });
    return viaAi((model) => patchbay(`openai/${model}`));
  },
  openai: (url) => {
    const openai = new OpenAI({ baseURL: url, apiKey: 'key' });
    const ask = (model, prompt) => ({ model, messages: [{ role: 'user', content: prompt }] });
    return {
      whole: async (model, prompt) =>
        (await openai.chat.completions.create(ask(model, prompt))).choices[0].message.content,
      pieces: async function* (model, prompt) {
        const options = { stream: true, stream_options: { include_usage: true } };
        for await (const { choices } of await openai.chat.completions.create({ ...ask(model, prompt), ...options }))
          if (choices[0]?.delta.content) yield choices[0].delta.content;
      },
    };
  },
};

const viaAi = (modelOf) => ({
  whole: async (model, prompt) => (await generateText({ model: modelOf(model), prompt })).text,
  pieces: (model, prompt) => streamText({ model: modelOf(model), prompt }).textStream,
});

const post = (url, { model, prompt, stream = false }) =>
  fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: prompt }], stream }),
  });

const PROMPT = 'Say something about foxes. '.repeat(40);

/** Processor time of this process for `task`, in microseconds. */
async function spentUs(task) {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const TASKS = {
  /** Whole answers one after another: microseconds a call. */
  async calls({ whole }, { count }) {
    const spent = await spentUs(async () => {
      for (let done = 0; done < count; done += 1)
        if ((await whole('whole', PROMPT)).length < 100) throw new Error('short');
    });
    return spent / count;
  },
  /** Streams one after another: microseconds an event, the call's own share included. */
  async events({ pieces }, { count, each }) {
    const spent = await spentUs(async () => {
      for (let done = 0; done < count; done += 1) {
        let length = 0;
        for await (const piece of pieces(`burst-${each}`, PROMPT)) length += piece.length;
        if (length < each * 5) throw new Error(`Only ${length} characters came.`);
      }
    });
    return spent / (count * each);
  },
  /** Streams that have begun and stay open: kilobytes of this process a stream, on its heap and beside it. */
  async open({ pieces }, { count }) {
    globalThis.gc();
    const before = process.memoryUsage();
    const open = [];
    for (let begun = 0; begun < count; begun += 1) {
      const reader = pieces('held', PROMPT)[Symbol.asyncIterator]();
      await reader.next();
      open.push(reader);
    }
    globalThis.gc();
    const after = process.memoryUsage();
    const bytes = after.heapUsed + after.external - before.heapUsed - before.external;
    return open.length === count ? bytes / count / 1024 : undefined;
  },
};

let contestant;

async function perform({ name, url, task, ...sizes }) {
  contestant ??= CONTESTANTS[name](url);
  process.send(await TASKS[task](contestant, sizes));
}

process.on('message', (order) => void perform(order));
process.send('ready');
