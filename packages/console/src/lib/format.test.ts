import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { showAgo, showBytes, showCount, showDuration, showNanoUsd, showShare, showTime, showUsd } from './format.ts';

const texts = (show: (value: number) => { readonly text: string }, values: readonly number[]): readonly string[] =>
  values.map((value) => show(value).text);

describe('readable values', () => {
  it('are counts with three digits that count, and exact below ten thousand', () => {
    assert.deepEqual(texts(showCount, [0, 842, 9999, 10_000, 12_431, 999_600, 3_180_000, -45_000]), [
      '0',
      '842',
      '9,999',
      '10k',
      '12.4k',
      '1M',
      '3.18M',
      '-45k',
    ]);
    assert.equal(showCount(12_431).exact, '12,431');
    assert.equal(showCount(842).exact, undefined);
  });

  it('are money that never rounds something to nothing', () => {
    assert.deepEqual(
      [0n, 1n, 3_100_000n, 12_400_000_000n, -2_500_000_000n].map((nano) => showNanoUsd(nano).text),
      ['$0', '<$0.0001', '$0.0031', '$12.40', '-$2.50'],
    );
    assert.equal(showNanoUsd(1n).exact, '$0.000000001');
    assert.equal(showNanoUsd(12_345_678_901_234_567n).exact, '$12,345,678.901234567');
    assert.deepEqual(showUsd(0.1 + 0.2), { text: '$0.30' });
  });

  it('are spans in two units at most', () => {
    assert.deepEqual(texts(showDuration, [0, 0.82, 342, 999.9, 4213, 59_999, 192_000, 18_120_000, 356_400_000]), [
      '0 ms',
      '820 µs',
      '342 ms',
      '1000 ms',
      '4.21 s',
      '1 m',
      '3 m 12 s',
      '5 h 2 m',
      '4 d 3 h',
    ]);
    assert.equal(showDuration(4213).exact, '4,213 ms');
  });

  it('are sizes in steps of a thousand', () => {
    assert.deepEqual(texts(showBytes, [0, 512, 12_400, 3_100_000]), ['0 B', '512 B', '12.4 kB', '3.1 MB']);
  });

  it('are shares that reach 100 % only when nothing is missing', () => {
    assert.deepEqual(texts(showShare, [4 / 24, 7 / 43]), ['16.7 %', '16.3 %']);
    assert.deepEqual(texts(showShare, [0, 0.004, 0.5, 0.9995, 0.99999, 1]), [
      '0 %',
      '0.4 %',
      '50 %',
      '99.95 %',
      '99.99 %',
      '100 %',
    ]);
  });

  it('are times whose exact form names the moment in UTC', () => {
    const now = Date.UTC(2026, 10, 21, 12);
    assert.match(showTime(now - 1000, now).exact ?? '', /\n2026-11-21T11:59:59\.000Z$/);
    assert.equal(showTime('no time', now).text, 'no time');
    assert.deepEqual(
      [0, 12_000, 300_000, -120_000].map((ms) => showAgo(now - ms, now).text),
      ['now', '12 s ago', '5 m ago', 'in 2 m'],
    );
  });

  it('are a dash where there is nothing', () => {
    for (const show of [showCount, showUsd, showDuration, showBytes, showShare])
      assert.equal(show(undefined).text, '–');
  });
});
