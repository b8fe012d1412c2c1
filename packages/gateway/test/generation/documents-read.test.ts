import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';

import { systemClock } from '@patchbay/llm/model/clock';

import type { Document, DocumentType } from '../../src/generation/documents/document.ts';
import { createReadDocument, type DocumentReading } from '../../src/generation/documents/read-document.ts';
import { docxOf, paragraph, pdfOf, zipOf } from './documents-made.ts';

const NEVER: AbortSignal = new AbortController().signal;
const NOWHERE: DocumentReading = {
  clock: systemClock,
  exchange: { send: () => Promise.reject(new Error('an upload needs no network')) },
};

interface Asked {
  readonly type?: DocumentType;
  readonly name?: string;
  readonly reading?: Partial<DocumentReading>;
  readonly signal?: AbortSignal;
}

const read = (bytes: Buffer, { type, name, reading, signal = NEVER }: Asked = {}) =>
  createReadDocument({ ...NOWHERE, ...reading })(
    { ...(type && { type }), upload: { bytes, ...(name !== undefined && { name }) } },
    signal,
  );

async function documentOf(bytes: Buffer, asked?: Asked): Promise<Document> {
  const result = await read(bytes, asked);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
}

async function refusal(bytes: Buffer, asked?: Asked): Promise<string> {
  const result = await read(bytes, asked);
  assert.ok(!result.ok, 'the document was read');
  return `${result.failure.kind}: ${result.failure.message}`;
}

describe('documents that are read', { timeout: 60_000 }, () => {
  it('gives the pages of a PDF', async () => {
    const { parts } = await documentOf(pdfOf([['Tides follow', 'the (moon).'], ['Neap tides are small.']]));
    assert.deepEqual(parts, [
      { id: 'p1-1', page: 1, text: 'Tides follow\nthe (moon).' },
      { id: 'p2-1', page: 2, text: 'Neap tides are small.' },
    ]);
  });

  it('leaves out pages without text and keeps the numbers of the others', async () => {
    const { parts } = await documentOf(pdfOf([['one'], [], ['three']]));
    assert.deepEqual(
      parts.map(({ id, page }) => [id, page]),
      [
        ['p1-1', 1],
        ['p3-1', 3],
      ],
    );
  });

  it('reads paragraphs, breaks, tables, text boxes and notes of a Word document, and no deleted text', async () => {
    const body = [
      paragraph('Caf&#233; &amp; co'),
      '<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>',
      `<w:tbl><w:tr><w:tc>${paragraph('a')}</w:tc><w:tc>${paragraph('b')}${paragraph('c')}</w:tc></w:tr></w:tbl>`,
      `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${paragraph('boxed')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>${paragraph('boxed')}</w:txbxContent></mc:Fallback></mc:AlternateContent><w:t>beside</w:t></w:r></w:p>`,
    ].join('');
    const { text } = await documentOf(docxOf(body, { 'word/footnotes.xml': paragraph('see below') }));
    assert.equal(text, 'Café & co\n\none\ttwo\nthree\n\na | b c\n\nboxed\n\nbeside\n\nsee below');
  });

  it('tells the pages of a Word document where its program noted them', async () => {
    const body = `${paragraph('first')}<w:p><w:r><w:lastRenderedPageBreak/><w:t>second</w:t></w:r></w:p>`;
    const { parts } = await documentOf(docxOf(body));
    assert.deepEqual(
      parts.map(({ page, text }) => [page, text]),
      [
        [1, 'first'],
        [2, 'second'],
      ],
    );
    const plain = await documentOf(docxOf(paragraph('first')));
    assert.deepEqual(plain.parts, [{ id: 'p1', text: 'first' }]);
  });

  it('reads slides in the order in which they are shown, with their notes and without their furniture', async () => {
    const shape = (type: string, text: string): string =>
      `<p:sp><p:nvSpPr><p:nvPr><p:ph type="${type}"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`;
    const rels = (...all: readonly string[]): string =>
      `<Relationships>${all.map((each, index) => `<Relationship Id="rId${index + 1}" ${each}/>`).join('')}</Relationships>`;
    const { parts } = await documentOf(
      zipOf({
        'ppt/presentation.xml':
          '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="rId2"/><p:sldId id="257" r:id="rId1"/></p:sldIdLst></p:presentation>',
        'ppt/_rels/presentation.xml.rels': rels(
          'Type="slide" Target="slides/slide1.xml"',
          'Type="slide" Target="/ppt/slides/slide2.xml"',
        ),
        'ppt/slides/slide1.xml': `<p:sld>${shape('title', 'Shown last')}</p:sld>`,
        'ppt/slides/slide2.xml': `<p:sld>${shape('ctrTitle', 'Shown first')}${shape('body', 'A point')}${shape('sldNum', '7')}</p:sld>`,
        'ppt/slides/_rels/slide2.xml.rels': rels('Type="http://x/notesSlide" Target="../notesSlides/n.xml"'),
        'ppt/notesSlides/n.xml': `<p:notes>${shape('sldImg', 'x')}${shape('body', 'Say it slowly')}</p:notes>`,
      }),
    );
    assert.deepEqual(parts, [
      { id: 'p1-1', page: 1, text: 'Shown first\n\nA point\n\nSay it slowly' },
      { id: 'p2-1', page: 2, text: 'Shown last' },
    ]);
  });

  it('reads plain text, tables, Markdown and pages of the web', async () => {
    assert.equal((await documentOf(Buffer.from('a\r\n\r\n\r\n\r\nb\u0007'))).text, 'a\n\nb');
    assert.equal((await documentOf(Buffer.from('# Tides\n- high'), { name: 'notes.md' })).text, '# Tides\n- high');
    assert.equal(
      (await documentOf(Buffer.from('Sea,Height\nNorth,4'), { name: 'x.CSV' })).text,
      'Sea: North; Height: 4',
    );
    const page =
      '<!DOCTYPE html><title>T</title><script>if (a < b) run("</p>")</script><p>One &mdash; <b>two</b><p>5 < 6' +
      '<table><tr><td>c</td><td>d</td></tr></table>';
    assert.equal((await documentOf(Buffer.from(page))).text, 'T\n\nOne — two\n\n5 < 6\n\nc | d |');
  });

  it('believes the content rather than what is said of it', async () => {
    assert.equal((await documentOf(pdfOf([['real']]), { type: 'txt', name: 'x.docx' })).text, 'real');
  });
});

describe('documents that cannot be read', { timeout: 60_000 }, () => {
  it('says so of empty ones and of those without text', async () => {
    assert.equal(await refusal(Buffer.alloc(0)), 'invalid-request: The document is empty.');
    assert.match(await refusal(Buffer.from(' \n\t')), /no text in the document/);
    assert.match(await refusal(docxOf('')), /no text in the document/);
    assert.match(await refusal(pdfOf([[]])), /OCR/);
  });

  it('says what to do about protected ones and old ones', async () => {
    const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512)]);
    assert.match(await refusal(compound), /old format of Office.*docx/);
    const sealed = Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')]);
    assert.match(await refusal(sealed), /protected by a password/);
    const key = `<${'41'.repeat(32)}>`;
    const locked = `/Encrypt<</Filter/Standard/V 1/R 2/P -4/O${key}/U${key}>>/ID[<00><00>]`;
    assert.match(await refusal(pdfOf([['x']], locked)), /protected by a password/);
  });

  it('says so of broken ones and of those that are something else', async () => {
    assert.match(await refusal(Buffer.from('%PDF-1.7 and nothing more')), /PDF is broken/);
    assert.match(await refusal(docxOf(paragraph('x')).subarray(0, 160)), /invalid-request: .*broken/);
    assert.match(await refusal(zipOf({ 'a.txt': 'x' })), /is a zip/);
    assert.match(await refusal(Buffer.from([0x89, 0x50, 0, 1, 2, 0, 0, 3])), /no text and no kind/);
    assert.match(await refusal(Buffer.from('<html>Sign in</html>'), { type: 'pdf' }), /web page.*PDF/);
    assert.match(await refusal(Buffer.from('just text'), { type: 'docx' }), /another file_type than DOCX/);
  });

  it('takes no more than it may be large', async () => {
    assert.match(await refusal(Buffer.alloc(2_000_001, 'a'), { reading: { bytesMax: 2_000_000 } }), /larger than 2 MB/);
  });

  it('unfolds no bomb, whichever way it is packed', async () => {
    const zeros = ' '.repeat(70 * 1024 * 1024);
    assert.match(await refusal(docxOf(zeros)), /payload-too-large: .*unfolds/);
    const crowd = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`word/${index}`, '']));
    assert.match(await refusal(docxOf('', crowd)), /payload-too-large: .*unfolds/);
    const laughs = `<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]><w:p><w:t>&b;</w:t></w:p>`;
    const { text } = await documentOf(zipOf({ 'word/document.xml': laughs }));
    assert.equal(text, '&b;');
  });

  it('gives up one that takes too long, and goes on with others', async () => {
    const reading = { extraction: { timeoutMs: 1, memoryMib: 512 } };
    assert.match(await refusal(pdfOf([['slow']]), { reading }), /payload-too-large: .*too long/);
    assert.equal((await documentOf(pdfOf([['next']]))).text, 'next');
  });

  it('gives up one that takes too much memory', async () => {
    // Each page names the same stream, which unfolds to 400 MB.
    const packed = deflateSync(Buffer.concat([Buffer.from('BT '), Buffer.alloc(400_000_000, ' '), Buffer.from('ET')]));
    const head =
      '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
      '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>/Contents 4 0 R>>endobj\n' +
      `4 0 obj<</Length ${packed.length}/Filter/FlateDecode>>stream\n`;
    const bomb = Buffer.concat([
      Buffer.from(head),
      packed,
      Buffer.from('\nendstream endobj\ntrailer<</Root 1 0 R>>\n'),
    ]);
    assert.match(
      await refusal(bomb, { reading: { extraction: { timeoutMs: 60_000, memoryMib: 128 } } }),
      /too much memory/,
    );
  });

  it('stops when nobody waits any more', async () => {
    const caller = new AbortController();
    const reading = read(pdfOf([['x']]), { signal: caller.signal });
    caller.abort();
    const result = await reading;
    assert.equal(!result.ok && result.failure.kind, 'cancelled');
  });

  it('reads many at once, each in its turn', async () => {
    const readDocument = createReadDocument(NOWHERE);
    const texts = ['a', 'b', 'c', 'd', 'e'];
    const results = await Promise.all(
      texts.map((text) => readDocument({ upload: { bytes: Buffer.from(text) } }, NEVER)),
    );
    assert.deepEqual(
      results.map((each) => each.ok && each.value.text),
      texts,
    );
  });
});
