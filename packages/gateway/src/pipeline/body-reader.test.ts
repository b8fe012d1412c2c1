import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';

import { BodyReader } from './body-reader.ts';
import { readBody } from './read-body.ts';

const CHAT = { format: 'openai-chat' } as const;

const MEGABYTE = 1024 * 1024;

const spoken = (content: string, more = ''): string =>
  `{"model":"simulator/echo","stream":true,${more}"messages":[{"role":"user","content":${content}}]}`;

const filled = (unit: string, bytes = 1.2 * MEGABYTE): string =>
  spoken(`"${unit.repeat(bytes / Buffer.byteLength(unit))}"`);

const counted = (value: string, count: number): string =>
  spoken('"hi"', `"x":[${Array.from({ length: count }).fill(value).join(',')}],`);

const PAD = `"pad":"${'x'.repeat(1.2 * MEGABYTE)}"`;

const HEAVY: Readonly<Record<string, string | Buffer>> = {
  'an image': spoken(
    `[{"type":"image_url","image_url":{"url":"data:image/png;base64,${'QUJD'.repeat(MEGABYTE / 2)}"}}]`,
  ),
  'line breaks': filled('a line\\n'),
  quotes: filled('\\"'),
  'escaped letters': filled('\\u00e9\\ud83d\\ude00'),
  'other scripts': filled('Grüße 漢字 😀'),
  'many messages': `{"model":"a/b","messages":[${Array(20_000).fill('{"role":"user","content":"some words, no more"}').join(',')}]}`,
  'many values in few bytes': counted('1', 100_000),
  'many objects in few bytes': counted('{}', 12_000),
  'empty space': filled('a') + ' '.repeat(MEGABYTE),
  'bytes that are not UTF-8': Buffer.concat([Buffer.from(filled('a')), Buffer.from([0xff])]),
  'a text that does not end': filled('a').slice(0, -4),
  'trailing garbage': `${filled('a')} x`,
  'a list': `[${filled('a')}]`,
  'too many values': counted('1', 300_000),
  'too many values in many bytes': counted('1234567890', 250_000),
  'too deep a nesting': spoken('['.repeat(20_000)),
  'no model': `{${PAD},"messages":[]}`,
  'a model that is too long': `{"model":"${'m'.repeat(1.2 * MEGABYTE)}","messages":[]}`,
  'no messages': `{"model":"a/b",${PAD}}`,
  'a message without a role': `{"model":"a/b",${PAD},"messages":[{"role":"user"},{}]}`,
  'a temperature of the wrong type': `{"model":"a/b",${PAD},"temperature":"hot","messages":[]}`,
  'a member that stands twice': `{"model":"a/b",${PAD},${PAD},"messages":[]}`,
  'a long name that stands twice': `{"${'n'.repeat(MEGABYTE)}":1,"${'n'.repeat(MEGABYTE)}":2}`,
};

const reader = new BodyReader();
after(() => reader.close());

describe('a heavy body is read as it would be at once', () => {
  for (const [what, text] of Object.entries(HEAVY)) {
    it(what, async () => {
      const bytes = Buffer.from(text);
      const wanted = readBody(Buffer.from(text), CHAT);
      const reading = reader.read(bytes, CHAT);
      assert.ok(reading instanceof Promise, 'it was read on the event loop');
      const read = await reading;
      if (wanted.ok) {
        assert.ok(read.ok);
        assert.equal(Buffer.compare(read.value.bytes, Buffer.from(text)), 0);
        assert.deepEqual(read.value, { ...wanted.value, bytes: read.value.bytes, json: undefined });
      } else assert.deepEqual(read, wanted);
    });
  }
});

describe('a light body is read at once', () => {
  const conversation = Array(1000).fill('{"role":"user","content":[{"type":"text","text":"hello"}]}').join(',');
  const light: Readonly<Record<string, string>> = {
    'a short one': spoken('"hi"'),
    'a whole conversation': `{"model":"a/b","messages":[${conversation}]}`,
    'nearly a megabyte': filled('a', MEGABYTE - 200),
    'an empty one': '',
    'a bad one': spoken(']'),
  };
  for (const [what, text] of Object.entries(light)) {
    it(what, () => {
      const bytes = Buffer.from(text);
      assert.deepEqual(reader.read(bytes, CHAT), readBody(bytes, CHAT));
    });
  }
});

it('leaves memory that a body shares with others where it is', async () => {
  const [before, text, behind] = ['x'.repeat(100), filled('a'), 'y'.repeat(100)];
  const shared = Buffer.from(before + text + behind);
  const read = await reader.read(shared.subarray(before.length, before.length + text.length), CHAT);
  assert.ok(read.ok);
  assert.equal(read.value.bytes.toString(), text);
  assert.equal(shared.toString(), before + text + behind);
});

it('lets the event loop turn while it reads', async () => {
  await reader.read(Buffer.from(HEAVY['quotes'] as string), CHAT);
  let turns = 0;
  let reading = true;
  const turn = (): void => {
    turns += 1;
    if (reading) setImmediate(turn);
  };
  setImmediate(turn);
  const read = await reader.read(Buffer.from(filled('\\"', 16 * MEGABYTE)), CHAT);
  reading = false;
  assert.ok(read.ok);
  // Read on the loop, it would have turned once at most.
  assert.ok(turns >= 10, `the loop turned ${turns} times`);
});

it('reads bodies that come together one after another', async () => {
  const units = ['a', '\\n', 'é', '"', '😀', 'b'];
  const read = await Promise.all(units.map(async (unit) => reader.read(Buffer.from(filled(unit)), CHAT)));
  assert.deepEqual(
    read.map((each) => (each.ok ? each.value.bytes.toString() : each)),
    units.map((unit) => {
      const wanted = readBody(Buffer.from(filled(unit)), CHAT);
      return wanted.ok ? filled(unit) : wanted;
    }),
  );
});

it('goes on with a new thread when one has broken', async () => {
  const small = new BodyReader({ maxOldGenerationSizeMb: 24 });
  const greedy = small.read(Buffer.from(counted(`"${'x'.repeat(MEGABYTE / 4)}"`, 160)), CHAT);
  const modest = small.read(Buffer.from(filled('a')), CHAT);
  await assert.rejects(async () => greedy, /memory/);
  assert.equal((await modest).ok, true);
  assert.equal((await small.read(Buffer.from(filled('b')), CHAT)).ok, true);
  await small.close();
});

it('gives up what is still being read when it is closed', async () => {
  const closing = new BodyReader();
  const ends = Promise.allSettled(['a', 'b'].map(async (unit) => closing.read(Buffer.from(filled(unit)), CHAT)));
  await closing.close();
  assert.deepEqual(
    (await ends).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  await assert.rejects(async () => closing.read(Buffer.from(filled('c')), CHAT), /closed/);
});

it('keeps no process alive once everything is read', async () => {
  const script = `
    import { BodyReader } from ${JSON.stringify(new URL('body-reader.ts', import.meta.url).href)};
    const read = await new BodyReader().read(Buffer.from(${JSON.stringify(spoken('"hi"'))}.padEnd(2_000_000)), { format: 'openai-chat' });
    console.log(read.ok);`;
  const args = ['--conditions=patchbay-src', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.equal(output, 'true\n');
});
