import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { defineCheck, type Found } from './check.ts';
import { examine } from './examine.ts';

const LIGHT = { severity: 'info', title: 'Light' } as const;
const found = (code: string, subject = 'gateway'): Found => ({ code, subject, cause: 'c', remedy: 'r', evidence: {} });
const base = { title: 't', symptoms: [], needs: [], reach: 'here' } as const;
const look = (checks: Parameters<typeof examine>[0]['checks'], more = {}) =>
  examine({ checks, ports: {}, clock: systemClock, ...more });

describe('an examination', () => {
  it('shows the gravest finding first and each one once', async () => {
    const one = defineCheck({
      ...base,
      id: 'one',
      codes: { light: LIGHT, grave: { severity: 'error', title: 'Grave' } },
      run: () => Promise.resolve([found('light'), found('grave'), found('light')]),
    });
    const { findings, ran } = await look([one]);
    assert.deepEqual(
      findings.map(({ code, severity, title }) => [code, severity, title]),
      [
        ['grave', 'error', 'Grave'],
        ['light', 'info', 'Light'],
      ],
    );
    assert.equal(ran, 1);
  });

  it('leaves out what another finding explains', async () => {
    const cause = defineCheck({
      ...base,
      id: 'cause',
      codes: { dark: { ...LIGHT, explains: ['dim'] } },
      run: () => Promise.resolve([found('dark')]),
    });
    const effect = defineCheck({
      ...base,
      id: 'effect',
      codes: { dim: LIGHT },
      run: () => Promise.resolve([found('dim')]),
    });
    const { findings } = await look([effect, cause]);
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['dark'],
    );
  });

  it('shows what is found of others than the one that is explained', async () => {
    const of = (code: string, provider: string): Found => ({
      ...found(code, `provider ${provider}`),
      evidence: { provider },
    });
    const check = defineCheck({
      ...base,
      id: 'both',
      codes: { dark: { ...LIGHT, explains: ['dim'] }, dim: LIGHT },
      run: () => Promise.resolve([of('dark', 'one'), of('dim', 'one'), of('dim', 'two')]),
    });
    const { findings } = await look([check]);
    assert.deepEqual(
      findings.map(({ code, subject }) => `${code} ${subject}`),
      ['dark provider one', 'dim provider two'],
    );
  });

  it('ends in time however many checks hang, one after another', async () => {
    const hangs = ['a', 'b', 'c'].map((id) =>
      defineCheck({ ...base, id, codes: {}, run: () => new Promise(() => {}) }),
    );
    const { findings } = await look(hangs, { checkMs: 10_000, totalMs: 20, sideBySide: 1 });
    assert.deepEqual(
      findings.map(({ subject }) => subject),
      ['check a', 'check b', 'check c'],
    );
    for (const { cause } of findings) assert.match(cause, /longer than \d{1,2} ms/);
  });

  it('finds that a check broke down or hung, and runs the others', async () => {
    const breaks = defineCheck({
      ...base,
      id: 'breaks',
      codes: {},
      run: () => Promise.reject(new Error('no such file')),
    });
    const hangs = defineCheck({ ...base, id: 'hangs', codes: {}, run: () => new Promise(() => {}) });
    const undeclared = defineCheck({ ...base, id: 'undeclared', codes: {}, run: () => Promise.resolve([found('x')]) });
    const well = defineCheck({
      ...base,
      id: 'well',
      codes: { light: LIGHT },
      run: () => Promise.resolve([found('light')]),
    });
    const { findings } = await look([breaks, hangs, undeclared, well], { checkMs: 30, sideBySide: 1 });
    assert.deepEqual(
      findings.map(({ code, subject }) => [code, subject]),
      [
        ['check-failed', 'check breaks'],
        ['check-failed', 'check hangs'],
        ['check-failed', 'check undeclared'],
        ['light', 'gateway'],
      ],
    );
    assert.match(findings[0]?.cause ?? '', /no such file/);
  });

  it('leaves out checks of parts that are not there, and those that dial when told to stay here', async () => {
    let ran = 0;
    const run = (): Promise<readonly Found[]> => {
      ran += 1;
      return Promise.resolve([]);
    };
    const needy = defineCheck({ ...base, id: 'needy', needs: ['rows'], codes: {}, run });
    const far = defineCheck({ ...base, id: 'far', reach: 'network', codes: {}, run });
    const { skipped } = await look([needy, far], { reach: 'here' });
    assert.deepEqual(skipped, ['needy']);
    assert.equal(ran, 0);
  });
});
