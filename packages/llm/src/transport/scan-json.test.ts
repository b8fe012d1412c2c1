import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { JSON_BOUNDS, scanJson, type ScanOutcome } from './scan-json.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const scan = (text: string): ScanOutcome => scanJson(bytesOf(text));

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** What the spans of a text say, each parsed on its own. */
function spansOf(text: string): Readonly<Record<string, unknown>> {
  const bytes = bytesOf(text);
  const outcome = scanJson(bytes);
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.message);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return Object.fromEntries(
    [...outcome.members].map(([name, { start, end }]) => [
      name,
      JSON.parse(decoder.decode(bytes.subarray(start, end))) as unknown,
    ]),
  );
}

function refusal(outcome: ScanOutcome): ScanOutcome & { ok: false } {
  assert.ok(!outcome.ok);
  return outcome;
}

/** Counts the bytes that native searches read. */
class CountedBytes extends Uint8Array {
  static searched = 0;
  override indexOf(value: number, from = 0): number {
    const found = super.indexOf(value, from);
    CountedBytes.searched += (found < 0 ? this.length : found) - from;
    return found;
  }
}

const PUNCTUATION = [
  ...'{}[]",:\\'.split(''),
  ' ',
  '\n',
  '\t',
  '\u0001',
  'u',
  't',
  'n',
  '-',
  '.',
  'e',
  '0',
  '7',
  'é',
  '\uFEFF',
];

/** JSON text, and the same with a few characters put in, taken out or replaced. */
const mutatedJson = fc
  .tuple(
    fc.json({ maxDepth: 4, stringUnit: 'binary' }),
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...PUNCTUATION)), { maxLength: 3 }),
  )
  .map(([json, changes]) => {
    const mutated = changes.reduce((now, [where, removed, added]) => {
      const at = where % (now.length + 1);
      return now.slice(0, at) + (removed === 2 ? '' : added) + now.slice(at + Math.min(removed, 1));
    }, json);
    // UTF-8 cannot carry half a surrogate pair.
    return { json: json.toWellFormed(), mutated: mutated.toWellFormed() };
  });

describe('scanJson', () => {
  it('spans the values of the outermost members without the space around them', () => {
    const text = '{ "model" : "a/b" ,\n"n":[1,{"model":2}],"last":\ttrue\r\n}';
    const bytes = bytesOf(text);
    const outcome = scanJson(bytes);
    assert.ok(outcome.ok);
    const cut = ({ start, end }: { start: number; end: number }): string =>
      new TextDecoder().decode(bytes.subarray(start, end));
    assert.deepEqual(
      [...outcome.members].map(([name, span]) => [name, cut(span)]),
      [
        ['model', '"a/b"'],
        ['n', '[1,{"model":2}]'],
        ['last', 'true'],
      ],
    );
  });

  it('resolves escapes in member names and steps over them in values', () => {
    const value = { 'mod\\el"': 'a \\" b\\\\', 'tab\t': '{"x":[', ключ: '\u{1F600}', __proto__x: '' };
    assert.deepEqual(spansOf(JSON.stringify(value)), value);
    assert.deepEqual(spansOf(String.raw`{"\u006dodel":"\u0022,"}`), { model: '",' });
  });

  it('steps over long strings with escapes wherever they stand', () => {
    for (let before = 55; before < 75; before += 1) {
      for (const escape of ['\\"', '\\\\', '\\n', '\\\\\\"']) {
        const text = `{"a":"${'x'.repeat(before)}${escape}${'y'.repeat(70)}${escape}","b":1}`;
        assert.deepEqual(spansOf(text), JSON.parse(text));
      }
    }
  });

  it('reads a long text with many line breaks a constant number of times', () => {
    const text = JSON.stringify({ text: `${'a'.repeat(70)}\n`.repeat(3_000), model: 'x' });
    const bytes = new CountedBytes(bytesOf(text));
    CountedBytes.searched = 0;
    assert.equal(scanJson(bytes).ok, true);
    assert.ok(CountedBytes.searched <= 3 * bytes.length, `${CountedBytes.searched} of ${bytes.length} bytes`);
  });

  it('refuses an outermost member that stands twice and names it', () => {
    const outcome = refusal(scan(String.raw`{"model":"a","x":1,"m\u006fdel":"b"}`));
    assert.equal(outcome.path, 'model');
    assert.equal(scan('{"a":{"b":1,"b":2}}').ok, true);
  });

  it('refuses nesting beyond the depth limit and allows the limit itself', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    assert.equal(scan(nested(JSON_BOUNDS.depthMax)).ok, true);
    assert.match(refusal(scan(nested(JSON_BOUNDS.depthMax + 1))).message, /nested deeper than 128/);
    assert.match(refusal(scan('['.repeat(1_000_000))).message, /nested deeper/);
  });

  it('refuses more values than the node limit', () => {
    const bounds = { ...JSON_BOUNDS, nodesMax: 10 };
    assert.equal(scanJson(bytesOf('[1,2,3,4,5,6,7,8,9,10]'), bounds).ok, true);
    assert.match(refusal(scanJson(bytesOf('[1,2,3,4,5,6,7,8,9,10,11]'), bounds)).message, /more than 10 values/);
  });

  it('refuses an object with more members than the limit, at any depth', () => {
    const bounds = { ...JSON_BOUNDS, keysPerObjectMax: 2 };
    assert.equal(scanJson(bytesOf('[{"a":1,"b":2},{"a":1,"b":2}]'), bounds).ok, true);
    assert.match(refusal(scanJson(bytesOf('[{"a":1,"b":2,"c":3}]'), bounds)).message, /more than 2 members/);
  });

  it('refuses brackets and strings that do not end', () => {
    for (const text of ['{', '[', '{"a":1', '"', '{"a', '"a\\"', '{"a":"\\', `{"a":"${'x'.repeat(100)}`])
      assert.match(refusal(scan(text)).message, /ends/);
    for (const text of ['}', '[}', '{]', '[1]]']) assert.match(refusal(scan(text)).message, /unexpected bracket/);
    for (const text of [':', '[1:2]']) assert.match(refusal(scan(text)).message, /unexpected colon/);
    assert.match(refusal(scan('{1:2}')).message, /no member name/);
  });

  it('refuses nothing that JSON.parse accepts, and its spans hold what JSON.parse says', () => {
    fc.assert(
      fc.property(mutatedJson, ({ json: original, mutated: text }) => {
        assert.equal(scan(original).ok, true);
        const json = parsed(text);
        const outcome = scan(text);
        if (json === undefined || (!outcome.ok && outcome.path !== undefined)) return;
        assert.ok(outcome.ok, outcome.ok ? '' : outcome.message);
        const isObject = typeof json.value === 'object' && json.value !== null && !Array.isArray(json.value);
        assert.deepEqual(spansOf(text), isObject ? json.value : {});
      }),
      { numRuns: 10_000 },
    );
  });
});
