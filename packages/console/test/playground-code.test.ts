import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';

import { PROCESS_KEY } from '../../gateway/test/support/gateway-process.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const PYTHON = ['/usr/bin/python3', '/usr/local/bin/python3'].find((file) => existsSync(file));

const SCHEMA = JSON.stringify({
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
});
const IMAGE = { kind: 'image', name: 'a photo.png', mediaType: 'image/png', bytes: 3, content: 'AAAA' };
const ATTACHMENTS = [
  IMAGE,
  { ...IMAGE, kind: 'document', name: 'report.pdf', mediaType: 'application/pdf' },
  { ...IMAGE, kind: 'text', name: 'note.txt', mediaType: 'text/plain', content: 'Costs $5 and `ticks`.' },
];

const called = (id: string, city: string, result: string): object => ({
  id,
  name: 'get_weather',
  argumentsJson: JSON.stringify({ city }),
  result,
});

/** A chat with all that goes with one: tools that were called, what they answered, files, every parameter. */
const TALK = {
  models: ['simulator/tools'],
  settings: {
    system: 'Be "brief".',
    temperature: '0.5',
    topP: '0.9',
    maxTokens: '500',
    seed: '7',
    frequencyPenalty: '0.1',
    presencePenalty: '0.2',
    stop: 'END',
    effort: 'low',
    toolChoice: 'auto',
    parallelCalls: 'yes',
  },
  tools: [{ name: 'get_weather', description: 'The weather of now.', schema: SCHEMA }],
  turns: [
    {
      text: 'How warm is it in Lisbon and Porto?',
      attachments: [],
      lanes: [
        [
          {
            state: 'done',
            text: 'Let me see.',
            calls: [called('call_1', 'Lisbon', '21 °C'), called('call_2', 'Porto', '19 °C')],
          },
          { state: 'done', text: 'Mild.' },
        ],
      ],
    },
    { text: 'It’s 5 $ in `Faro` \\ "now" it\'s said?', attachments: ATTACHMENTS, lanes: [] },
  ],
};

/** A question whose answer is to be of a schema. */
const SHAPED = {
  models: ['simulator/echo'],
  settings: { format: 'schema', schema: SCHEMA },
  turns: [{ text: '{"city":"Lisbon"}', attachments: [], lanes: [] }],
};

/** Settings that not every dialect has words for: JSON of any shape, and efforts at either end. */
const odd = (effort: string): object => ({
  models: ['simulator/echo'],
  settings: { format: 'json', effort },
  turns: [{ text: '{"city":"Lisbon"}', attachments: [], lanes: [] }],
});

interface Program {
  readonly dialect: string;
  readonly language: string;
  readonly code: string;
}

/** Every program that the page writes for a chat. */
async function programsOf({ page, visit }: Window, chat: object): Promise<readonly Program[]> {
  await visit(`/playground#chat=${deflateRawSync(JSON.stringify(chat)).toString('base64url')}`);
  await page.getByText('Opened from a link').waitFor();
  await page.getByRole('button', { name: 'Code', exact: true }).click();
  const named = async (label: string): Promise<readonly string[]> =>
    page.getByRole('radiogroup', { name: label }).locator('label').allTextContents();
  const programs: Program[] = [];
  for (const dialect of await named('Dialect')) {
    await page.getByRole('radio', { name: dialect, exact: true }).check();
    for (const language of await named('Language')) {
      await page.getByRole('radio', { name: language, exact: true }).check();
      programs.push({ dialect, language, code: await page.getByRole('region', { name: 'The program' }).innerText() });
    }
  }
  return programs;
}

describe('programs of the playground', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let folder: string;
  let talks: readonly Program[];
  let shaped: readonly Program[];
  let odds: readonly Program[];
  before(async () => {
    stage = await startConsole();
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-programs-'));
    await symlink(MODULES, path.join(folder, 'node_modules'));
    for (const name of ['a_photo.png', 'report.pdf']) await writeFile(path.join(folder, name), 'AAAA', 'base64');
    const window = await stage.open();
    await window.signIn();
    talks = await programsOf(window, TALK);
    await window.page.keyboard.press('Escape');
    shaped = await programsOf(window, SHAPED);
    odds = [];
    for (const effort of ['none', 'minimal', 'xhigh']) {
      await window.page.keyboard.press('Escape');
      odds = [...odds, ...(await programsOf(window, odd(effort)))];
    }
    window.assertSound();
    await window.close();
  });
  after(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  const run = async (command: string, args: readonly string[]): Promise<string> => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', PATCHBAY_API_KEY: PROCESS_KEY, NODE_NO_WARNINGS: '1' },
    });
    let output = '';
    child.stdout.on('data', (data) => (output += String(data)));
    child.stderr.on('data', (data) => (output += String(data)));
    await once(child, 'close');
    return output;
  };
  const outputOf = async ({ language, code }: Program): Promise<string> => {
    if (language === 'curl') return run('/bin/sh', ['-c', code]);
    const file = path.join(folder, 'program.mts');
    await writeFile(file, code);
    return run(process.execPath, [file]);
  };

  it('are there for every dialect', () => {
    assert.deepEqual(
      talks.map(({ dialect, language }) => `${dialect}, ${language}`),
      [
        ...['OpenAI Chat', 'OpenAI Responses', 'Anthropic', 'Gemini'].flatMap((dialect) =>
          ['curl', 'TypeScript', 'Python'].map((language) => `${dialect}, ${language}`),
        ),
        'AI SDK, TypeScript',
      ],
    );
  });

  it('hand over files, tools, what was called before and all parameters', async () => {
    for (const program of talks.filter(({ language }) => language !== 'Python'))
      assert.match(await outputOf(program), /get_weather[^]*sample/, `${program.dialect}\n${program.code}`);
  });

  it('hand over the schema of an answer', async () => {
    for (const program of shaped.filter(({ language }) => language === 'TypeScript'))
      assert.match(await outputOf(program), /city[^]*Lisbon/, `${program.dialect}\n${program.code}`);
  });

  it('run with what their dialect has no word for, and name it', async () => {
    for (const program of odds.filter(({ language }) => language !== 'Python'))
      assert.match(await outputOf(program), /city[^]*Lisbon/, `${program.dialect}\n${program.code}`);
    const named = (dialect: string, effort: string): readonly string[] =>
      odds
        .filter((each) => each.dialect === dialect && each.code.includes(`no word for ${effort}`))
        .map(({ language }) => language);
    const all = ['curl', 'TypeScript', 'Python'];
    assert.deepEqual(named('Anthropic', 'JSON of any shape'), [...all, ...all, ...all]);
    assert.deepEqual(named('Anthropic', 'the effort minimal'), all);
    assert.deepEqual(named('Gemini', 'the effort xhigh'), all);
  });

  it('are right in the eyes of Python', { skip: PYTHON === undefined && 'No Python here.' }, async () => {
    const all = [...talks, ...shaped, ...odds].filter(({ language }) => language === 'Python');
    assert.equal(all.length, 20);
    for (const { code } of all) {
      const file = path.join(folder, 'program.py');
      await writeFile(file, code);
      assert.equal(
        await run(PYTHON ?? '', ['-c', 'import ast, sys; ast.parse(open(sys.argv[1]).read())', file]),
        '',
        code,
      );
    }
  });
});
