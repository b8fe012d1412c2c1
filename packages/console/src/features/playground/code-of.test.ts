import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { codeOf, DIALECT_NAMES, DIALECTS } from './code-of.ts';
import type { Message } from './conversation.ts';
import { EFFORTS, type Parameters } from './parameters.ts';
import { calling, fileContent, literalOf } from './program-text.ts';
import { unsaidIn } from './unsaid.ts';
import type { ToWrite } from './write-program.ts';

const asked = (more: Partial<ToWrite> = {}): ToWrite => ({
  origin: 'https://gate.example',
  model: 'simulator/echo',
  system: 'Be brief.',
  messages: [{ role: 'user', text: "it's $HOME `id` \\", attachments: [] }],
  parameters: {},
  tools: [],
  ...more,
});

const IMAGE = {
  kind: 'image',
  name: 'a\'$(id)\nEND_OF_BODY\n".png',
  mediaType: 'image/png',
  bytes: 3,
  content: 'AAAA',
} as const;

const everyProgram = (what: ToWrite): readonly (readonly [string, string])[] =>
  DIALECT_NAMES.flatMap((dialect) =>
    DIALECTS[dialect].languages.map((kind) => [`${dialect} ${kind}`, codeOf(dialect, kind, what)] as const),
  );

/** Each thing that can be set, alone. */
const EVERY_PARAMETER: readonly Parameters[] = [
  { temperature: 0.5 },
  { topP: 0.5 },
  { maxTokens: 5 },
  { seed: 5 },
  { frequencyPenalty: 0.5 },
  { presencePenalty: 0.5 },
  { stop: ['END'] },
  ...EFFORTS.map((effort) => ({ effort })),
  { format: {} },
  { format: { schema: { type: 'object' } } },
  { toolChoice: 'required' },
  { parallelCalls: false },
];

describe('copy as code', () => {
  it('names the model, the words, the tools and this gateway in every dialect and language', () => {
    const tools = [
      { name: 'get_weather', description: 'Now.', parameters: { type: 'object', additionalProperties: false } },
    ];
    for (const [name, code] of everyProgram(asked({ tools, parameters: { temperature: 0.5 } })))
      for (const part of ['https://gate.example', 'Be brief.', 'PATCHBAY_API_KEY', 'get_weather', '0.5'])
        assert.ok(code.includes(part), `${name}: ${part}\n${code}`);
  });

  it('closes the quotes of a shell, and writes the words of Python', () => {
    assert.ok(codeOf('openai-chat', 'curl', asked()).includes(String.raw`it'\''s $HOME`));
    const tools = [{ name: 'a', description: '', parameters: { type: 'object', additionalProperties: false } }];
    assert.match(codeOf('openai-chat', 'python', asked({ tools })), /"additionalProperties": False/);
  });

  it('reads attachments from files whose names no shell and no language trips over', () => {
    const messages: readonly Message[] = [{ role: 'user', text: 'Cost: $HOME', attachments: [IMAGE] }];
    for (const [name, code] of everyProgram(asked({ messages }))) {
      assert.ok(code.includes('a_id_END_OF_BODY_.png'), `${name}\n${code}`);
      assert.ok(!code.includes('AAAA'), `${name}\n${code}`);
      // A shell runs what stands so; in texts of the other languages it is a text.
      if (name.endsWith(' curl')) assert.doesNotMatch(code, /(?<!\\)\$\(id\)/);
    }
    const curl = codeOf('anthropic', 'curl', asked({ messages }));
    assert.ok(curl.includes(String.raw`Cost: \$HOME`));
    assert.equal(curl.split('\n').filter((line) => line === 'END_OF_BODY').length, 1);
  });

  it('says in a comment which parameters the dialect has no word for', () => {
    assert.deepEqual(unsaidIn('anthropic', { seed: 1, temperature: 1 }), ['the seed']);
    assert.deepEqual(unsaidIn('openai-chat', { seed: 1 }), []);
    const parameters = { seed: 1, format: {} };
    for (const [kind, mark] of [
      ['curl', '#'],
      ['typescript', '//'],
      ['python', '#'],
    ] as const) {
      const [first, second] = codeOf('anthropic', kind, asked({ parameters })).split('\n');
      assert.equal(first, `${mark} This dialect has no word for the seed.`);
      assert.ok(second?.startsWith(`${mark} This dialect has no word for JSON of any shape`), kind);
    }
  });

  it('leaves nothing out without a word', () => {
    for (const parameters of EVERY_PARAMETER)
      for (const dialect of DIALECT_NAMES) {
        const tools = [{ name: 'a', description: '', parameters: { type: 'object' } }];
        const isSaid =
          codeOf(dialect, 'typescript', asked({ tools, parameters })) !==
          codeOf(dialect, 'typescript', asked({ tools }));
        assert.ok(isSaid, `${dialect}: ${JSON.stringify(parameters)}`);
      }
  });

  it('tells efforts apart, or names the one that another stands for', () => {
    for (const dialect of DIALECT_NAMES) {
      const bodies = EFFORTS.filter((effort) => unsaidIn(dialect, { effort }).length === 0).map((effort) =>
        codeOf(dialect, 'typescript', asked({ parameters: { effort } })),
      );
      assert.equal(new Set(bodies).size, bodies.length, dialect);
    }
  });
});

describe('a literal', () => {
  it('has names without quotes in TypeScript, but for what would set the prototype', () => {
    const value = JSON.parse('{"a":1,"a-b":[],"__proto__":{}}') as object;
    assert.equal(literalOf(value, { language: 'typescript' }), '{\n  a: 1,\n  "a-b": [],\n  ["__proto__"]: {},\n}');
    assert.equal(literalOf(value, { language: 'json' }), '{\n  "a": 1,\n  "a-b": [],\n  "__proto__": {}\n}');
  });

  it('calls functions and reads files', () => {
    assert.equal(literalOf(calling('f', { a: true }), { language: 'typescript' }), 'f({\n  a: true,\n})');
    assert.equal(literalOf(fileContent('a.png', 'data:'), { language: 'typescript' }), "`data:${base64('a.png')}`");
    assert.equal(literalOf(fileContent('a.png', ''), { language: 'python' }), 'base64_of("a.png")');
  });
});
