import { readdirSync, readFileSync } from 'node:fs';

import type { Check } from '../../src/diagnosis/check.ts';
import { SYMPTOMS, type SymptomId } from '../../src/diagnosis/symptoms.ts';

const GUIDES = {
  providers: 'Managing providers',
  integration: 'Integrating providers',
  accounts: 'Accounts and proxies',
  generation: 'Generating decks',
  library: 'The library',
} as const;

const HEAD = `# The doctor

<!-- Written by \`npm run symptoms\`; change packages/gateway/src/diagnosis instead. -->

\`patchbay doctor\` (also \`--json\`, \`--fix\` and \`--url\`) looks a gateway over: the one that \`PATCHBAY_URL\` and
\`PATCHBAY_API_KEY\` name, else the one that runs here with this environment, else what would start here. The running
gateway answers the same at \`GET /api/system/diagnostics\`; it looks by itself every \`DOCTOR_INTERVAL\` seconds at
whatever can be seen without dialling anybody, and tells what is new, once, among its events and at \`DOCTOR_WEBHOOK_URL\`.
A failed call names the code that would explain it in \`x-patchbay-doctor\`.

Exit code 0 says that nothing is an error, 1 that something is, 2 that the command was used wrongly.
`;

const TESTS = [new URL('./', import.meta.url), new URL('../../src/diagnosis/checks/', import.meta.url)];

/** Which test makes the fault behind a code, by the code: the first file that names it. */
export function testsOfCodes(codes: readonly string[]): ReadonlyMap<string, string> {
  const files = TESTS.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.test.ts') && name !== 'index.test.ts')
      .toSorted()
      .map((name) => ({ name: new URL(name, folder).pathname, text: readFileSync(new URL(name, folder), 'utf8') })),
  );
  return new Map(
    codes.flatMap((code) => {
      const word = new RegExp(`(?<![\\w-])${code}(?![\\w-])`);
      const found = files.find(({ text }) => word.test(text));
      return found === undefined ? [] : [[code, found.name.slice(found.name.indexOf('/packages/') + 1)] as const];
    }),
  );
}

/** The page that says what explains each symptom of the guides. */
export function symptomPage(checks: readonly Check[]): string {
  const tests = testsOfCodes(checks.flatMap(({ codes }) => Object.keys(codes)));
  return [HEAD, symptomTable(checks), codeTable(checks, tests)].join('\n');
}

function symptomTable(checks: readonly Check[]): string {
  const rows = (Object.keys(SYMPTOMS) as SymptomId[]).map((id) => {
    const { guide, heading } = SYMPTOMS[id];
    const own = checks.filter(({ symptoms }) => symptoms.includes(id));
    const codes = own.map(
      (check) =>
        `**${check.id}**: ${Object.keys(check.codes)
          .map((each) => `\`${each}\``)
          .join(', ')}`,
    );
    return `| ${GUIDES[guide]}: ${heading} | ${codes.join('<br>')} |`;
  });
  return ['## What explains a symptom', '', '| Symptom | Check and its codes |', '|---|---|', ...rows, ''].join('\n');
}

function codeTable(checks: readonly Check[], tests: ReadonlyMap<string, string>): string {
  const rows = checks.flatMap(({ codes, reach, fixable }) =>
    Object.entries(codes).map(([code, { severity, title }]) => {
      const test = tests.get(code);
      const shown = test === undefined ? '' : `[${test.split('/').at(-1)}](../${test})`;
      const more = [reach === 'network' ? 'dials' : '', fixable.has(code) ? 'mends' : ''].filter((each) => each !== '');
      return `| \`${code}\` | ${severity} | ${title} | ${more.join(', ')} | ${shown} |`;
    }),
  );
  const head = ['| Code | Severity | Meaning | | Test that makes the fault |', '|---|---|---|---|---|'];
  return ['## Every code', '', ...head, ...rows, ''].join('\n');
}
