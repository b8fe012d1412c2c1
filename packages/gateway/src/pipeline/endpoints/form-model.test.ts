import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FormModelEditor, FormModelFinder } from './form-model.ts';
import { boundaryOf } from './form-scan.ts';

const B = '----boundary7';

interface Part {
  readonly headers: string;
  readonly body: string;
}

const field = (name: string, body: string): Part => ({
  headers: `Content-Disposition: form-data; name="${name}"`,
  body,
});
const file = (name: string, body: string): Part => ({
  headers: `Content-Disposition: form-data; name="${name}"; filename="a; name=\\"model\\".wav"\r\nContent-Type: audio/wav`,
  body,
});
const form = (...parts: readonly Part[]): string =>
  `${parts.map(({ headers, body }) => `--${B}\r\n${headers}\r\n\r\n${body}\r\n`).join('')}--${B}--\r\n`;

/** What a form becomes, or the sentence of its refusal, in pieces of so many bytes. */
function edited(text: string, pieceBytes = text.length): string {
  const editor = new FormModelEditor(B, 'new');
  const bytes = Buffer.from(text, 'latin1');
  const made: Buffer[] = [];
  for (let at = 0; at <= bytes.length; at += pieceBytes) {
    const pieces = at < bytes.length ? editor.push(bytes.subarray(at, at + pieceBytes)) : editor.end();
    if ('kind' in pieces) return pieces.message;
    made.push(...pieces);
  }
  const last = editor.end();
  if (!('kind' in last)) made.push(...last);
  return Buffer.concat(made).toString('latin1');
}

function found(text: string, pieceBytes = text.length): string | undefined {
  const finder = new FormModelFinder(B);
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += pieceBytes) finder.push(bytes.subarray(at, at + pieceBytes));
  return finder.failure?.message ?? finder.value?.toString();
}

const SIZES = [1, 2, 3, 5, 17, 64, 1000];

/** File contents that look like boundaries, line ends and fields, and are none. */
const TRICKY = [
  `\r\n--${B.slice(0, -1)}`,
  `\r\n--${B}x`,
  `\r\n--${B} x\r\n`,
  `--${B}--`,
  `\r\n-\r\n--\r\n`,
  `\r\r\n\r\n\r\n`,
  'Content-Disposition: form-data; name="model"\r\n\r\nno',
  '\0\xff\xfe',
  '',
];

describe('the model of a form', () => {
  for (const [place, parts, wanted] of [
    ['before the file', [field('model', 'old'), file('file', 'x')], [field('model', 'new'), file('file', 'x')]],
    ['behind the file', [file('file', 'x'), field('model', 'old')], [file('file', 'x'), field('model', 'new')]],
    ['alone', [field('model', '')], [field('model', 'new')]],
    [
      'between others',
      [field('a', '1'), field('model', 'old'), field('b', '2')],
      [field('a', '1'), field('model', 'new'), field('b', '2')],
    ],
  ] as const)
    it(`is exchanged ${place}, however the form is cut`, () => {
      for (const size of SIZES) {
        assert.equal(edited(form(...parts), size), form(...wanted), `${size}`);
        assert.equal(found(form(...parts), size), parts.find(({ headers }) => headers.endsWith('"model"'))?.body);
      }
    });

  it('stands beside words, which are counted without files and without the model', () => {
    for (const size of SIZES) {
      const finder = new FormModelFinder(B);
      const bytes = Buffer.from(
        form(field('prompt', 'x'.repeat(500)), file('f', 'y'.repeat(9000)), field('model', 'm')),
      );
      for (let at = 0; at < bytes.length; at += size) finder.push(bytes.subarray(at, at + size));
      // The line end before a value is counted with it.
      assert.equal(finder.textBytes, 502, `${size}`);
    }
  });

  it('is written at the end where the form has none', () => {
    const added = `--${B}\r\ncontent-disposition: form-data; name="model"\r\n\r\nnew\r\n`;
    for (const size of SIZES) {
      const text = form(field('a', '1'), file('file', 'x'));
      assert.equal(edited(text, size), text.replace(`--${B}--`, `${added}--${B}--`));
      assert.equal(edited(form(), size), `${added}--${B}--\r\n`);
      assert.equal(edited(`preamble\r\n${form()}`, size), `preamble\r\n${added}--${B}--\r\n`);
      assert.equal(found(text, size), undefined);
    }
  });

  for (const tricky of TRICKY)
    it(`is told from a file that holds ${JSON.stringify(tricky)}`, () => {
      const parts = (model: string): readonly Part[] => [
        file('file', `a${tricky}`),
        field('model', model),
        file('f', tricky),
      ];
      for (const size of SIZES) {
        assert.equal(edited(form(...parts('old')), size), form(...parts('new')), `${size}`);
        assert.equal(found(form(...parts('old')), size), 'old');
      }
    });

  for (const headers of [
    'content-disposition:form-data;name=model',
    'Content-Type: text/plain\r\nCONTENT-DISPOSITION: form-data; NAME="model" ',
    'Content-Disposition: form-data; name="mo\\del"',
  ])
    it(`is found under ${JSON.stringify(headers)}`, () => assert.equal(found(form({ headers, body: 'm' })), 'm'));

  for (const part of [
    file('model', 'm'),
    field('model[]', 'm'),
    field('x"; name="model', 'm'),
    { headers: 'Content-Disposition: attachment; name="model"', body: 'm' },
    { headers: 'Content-Type: text/plain', body: 'm' },
    { headers: '', body: 'm' },
  ])
    it(`is not found under ${JSON.stringify(part.headers)}`, () => assert.notEqual(found(form(part)), 'm'));
});

describe('a form is refused', () => {
  for (const [what, text, says] of [
    ['with two models', form(field('model', 'a'), file('f', 'x'), field('model', 'b')), /twice/],
    [
      'with two dispositions',
      form({ headers: `${field('a', '').headers}\r\n${field('model', '').headers}`, body: 'm' }),
      /cannot be read/,
    ],
    [
      'with two names',
      form({ headers: 'Content-Disposition: form-data; name="a"; name="model"', body: 'm' }),
      /cannot be read/,
    ],
    [
      'with a name in another charset',
      form({ headers: "Content-Disposition: form-data; name*=utf-8''model", body: 'm' }),
      /cannot be read/,
    ],
    [
      'with text among the parameters',
      form({ headers: 'Content-Disposition: form-data; a=b c; name="model"', body: 'm' }),
      /cannot be read/,
    ],
    ['with headers without an end', `--${B}\r\nx: ${'y'.repeat(20_000)}`, /16 KiB/],
    ['with an endless model', form(field('model', 'm'.repeat(6000))), /4 KiB/],
  ] as const)
    it(what, () => {
      for (const size of [7, 1000, text.length]) {
        assert.match(found(text, size) ?? '', says);
        assert.match(edited(text, size), says);
      }
    });
});

it('passes what is no form, and what stands behind one', () => {
  for (const text of ['no form', `${form(field('model', 'new'))}behind --${B}\r\n`, `--${B}\r\nbroken off`, ''])
    for (const size of SIZES) assert.equal(edited(text, size), text);
});

it('holds no more of a file than a boundary is long', () => {
  const editor = new FormModelEditor(B, 'new');
  const head = form(file('f', '')).split('\r\n\r\n')[0] as string;
  editor.push(Buffer.from(`${head}\r\n\r\n`));
  for (let turn = 0; turn < 10; turn += 1) {
    const pieces = editor.push(Buffer.alloc(100_000, 'a'));
    assert.ok(!('kind' in pieces) && Buffer.concat([...pieces]).length > 99_900);
  }
});

describe('the boundary of a form', () => {
  for (const [type, boundary] of [
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Form-Data; charset=utf-8; BOUNDARY="a b:c"', 'a b:c'],
    ['multipart/form-data;boundary=----WebKitFormBoundary', '----WebKitFormBoundary'],
    ['multipart/form-data', undefined],
    ['multipart/form-data; boundary=', undefined],
    [`multipart/form-data; boundary=${'b'.repeat(71)}`, undefined],
    ['multipart/form-data; boundary="a\r\nb"', undefined],
  ] as const)
    it(`is ${String(boundary)} in ${JSON.stringify(type)}`, () => assert.deepEqual(boundaryOf(type), { boundary }));

  it('is asked of forms alone', () => {
    for (const type of ['application/json', 'multipart/mixed; boundary=a', 'multipart/form-database; boundary=a', ''])
      assert.equal(boundaryOf(type), undefined);
  });
});
