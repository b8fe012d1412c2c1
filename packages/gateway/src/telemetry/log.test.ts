import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Clock } from '@patchbay/llm/model/clock';

import { createLog, type Log, type LogLevel } from './log.ts';

interface Written {
  readonly log: Log;
  readonly texts: string[];
  readonly lines: () => readonly { readonly level: string; readonly message: string; readonly lines?: number }[];
  /** Lets the time between two flushes pass. */
  readonly tick: () => void;
  readonly stopped: () => boolean;
  /** What the destination says from now on. */
  answer: 'takes' | 'refuses' | 'throws';
}

function start(level: LogLevel = 'info'): Written {
  let task: (() => void) | undefined;
  let stopped = false;
  const texts: string[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    sleep: () => Promise.resolve(),
    every: (_, given) => {
      task = given;
      return () => (stopped = true);
    },
  };
  const write = (text: string): boolean => {
    if (written.answer === 'throws') throw new Error('EPIPE');
    if (written.answer === 'takes') texts.push(text);
    return written.answer === 'takes';
  };
  const written: Written = {
    log: createLog({ level, format: 'json', write, clock }),
    texts,
    lines: () =>
      texts
        .join('')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { level: string; message: string }),
    tick: () => task?.(),
    stopped: () => stopped,
    answer: 'takes',
  };
  return written;
}

const LONG = 'x'.repeat(10_000);

/** Fills the bounded buffer of a destination that takes nothing; returns how many lines were logged. */
function fill({ log }: Written): number {
  let logged = 0;
  while (log.dropped < 3) {
    log.info(LONG);
    logged += 1;
    assert.ok(logged < 10_000, 'the buffer has no bound');
  }
  return logged;
}

describe('log', () => {
  it('writes many lines with one write', () => {
    const { log, texts, lines, tick } = start();
    for (let line = 0; line < 100; line += 1) log.info(`line ${line}`);
    assert.equal(texts.length, 0);
    tick();
    assert.equal(texts.length, 1);
    assert.deepEqual(
      lines().map(({ message }) => message),
      Array.from({ length: 100 }, (_, line) => `line ${line}`),
    );
    tick();
    assert.equal(texts.length, 1);
  });

  it('writes before its time when 64 KiB are waiting', () => {
    const { log, texts } = start();
    for (let line = 0; line < 6; line += 1) log.info(LONG);
    assert.equal(texts.length, 0);
    log.info(LONG);
    assert.equal(texts.length, 1);
  });

  it('writes what is at its level or above', () => {
    const { log, lines } = start('warn');
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    log.flush();
    assert.deepEqual(
      lines().map(({ level, message }) => `${level} ${message}`),
      ['warn c', 'error d'],
    );
  });

  it('writes everything at level trace and nothing at level silent', () => {
    for (const [level, count] of [
      ['trace', 2],
      ['silent', 0],
    ] as const) {
      const { log, lines } = start(level);
      log.debug('a');
      log.error('b');
      log.flush();
      assert.equal(lines().length, count);
    }
  });

  it('keeps lines while the destination takes none, and each once', () => {
    const written = start();
    written.answer = 'refuses';
    written.log.info('a');
    written.tick();
    written.log.info('b');
    written.tick();
    written.answer = 'takes';
    written.tick();
    assert.deepEqual(
      written.lines().map(({ message }) => message),
      ['a', 'b'],
    );
    assert.equal(written.log.dropped, 0);
  });

  it('drops and counts lines when 8 MiB are waiting, and says so when it goes on', () => {
    const written = start();
    written.answer = 'refuses';
    const logged = fill(written);
    written.answer = 'takes';
    written.tick();
    assert.equal(written.lines().length, logged - 3);
    assert.ok(written.texts.join('').length <= 4 * 1024 * 1024 + 11_000);
    written.log.info('after');
    written.tick();
    const [notice, after] = written.lines().slice(-2);
    assert.deepEqual([notice?.level, notice?.message, notice?.lines], ['warn', 'log lines were lost', 3]);
    assert.equal(after?.message, 'after');
    assert.equal(written.log.dropped, 3);
    written.tick();
    assert.equal(written.lines().filter(({ message }) => message === 'log lines were lost').length, 1);
  });

  it('does not press a destination that refused before the next flush', () => {
    let offers = 0;
    const clock: Clock = {
      nowMs: () => 0,
      monotonicMs: () => 0,
      sleep: () => Promise.resolve(),
      every: () => () => {},
    };
    const refuse = (): boolean => {
      offers += 1;
      return false;
    };
    const log = createLog({ level: 'info', format: 'json', write: refuse, clock });
    for (let line = 0; line < 100; line += 1) log.info(LONG);
    assert.equal(offers, 1);
  });

  it('survives a destination that throws', () => {
    const written = start();
    written.answer = 'throws';
    written.log.info('a');
    written.tick();
    written.answer = 'takes';
    written.tick();
    assert.deepEqual(
      written.lines().map(({ message }) => message),
      ['a'],
    );
  });

  it('survives fields that throw and still tells the message', () => {
    const { log, lines } = start();
    const fields = {
      get broken(): string {
        throw new TypeError('getter');
      },
    };
    log.warn('kept', fields);
    log.warn('kept', {
      value: {
        toJSON: () => {
          throw new Error('toJSON');
        },
      },
    });
    log.flush();
    assert.deepEqual(
      lines().map(({ message }) => message),
      ['kept', 'kept'],
    );
  });

  it('writes what is left and stops when it is closed', () => {
    const { log, lines, stopped } = start();
    log.info('last');
    log.close();
    assert.equal(stopped(), true);
    assert.deepEqual(
      lines().map(({ message }) => message),
      ['last'],
    );
  });
});
