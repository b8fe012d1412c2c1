import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { CHECKS } from '../../src/diagnosis/checks/index.ts';
import { SYMPTOMS } from '../../src/diagnosis/symptoms.ts';
import { symptomPage, testsOfCodes } from './symptom-page.ts';

describe('the symptoms of the guides', () => {
  it('are each explained by a code whose fault a test makes', () => {
    const tests = testsOfCodes(CHECKS.flatMap(({ codes }) => Object.keys(codes)));
    for (const id of Object.keys(SYMPTOMS)) {
      const codes = CHECKS.filter(({ symptoms }) => (symptoms as readonly string[]).includes(id)).flatMap(({ codes }) =>
        Object.keys(codes),
      );
      assert.ok(
        codes.some((code) => tests.has(code)),
        `${id} is explained by nothing that a test makes: ${codes.join(', ')}`,
      );
    }
  });

  it('are explained by no code whose fault no test makes', () => {
    const codes = CHECKS.flatMap((check) => Object.keys(check.codes));
    const tests = testsOfCodes(codes);
    assert.deepEqual(
      codes.filter((code) => !tests.has(code)),
      [],
      'write a test in test/doctor that makes the fault for real',
    );
  });

  it('stand on the page as the checks have them', () => {
    const page = readFileSync(new URL('../../../../docs/doctor.md', import.meta.url), 'utf8');
    assert.equal(page, symptomPage(CHECKS), 'docs/doctor.md is old: npm run symptoms');
  });
});
