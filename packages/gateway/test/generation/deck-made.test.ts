import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';

import { SLIDE_TEMPLATES, type Slide } from '@patchbay/contract/resources/generation';
import { systemClock } from '@patchbay/llm/model/clock';
import * as fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { SaxesParser } from 'saxes';

import type { Deck } from '../../src/generation/deck/deck.ts';
import { makeDeck } from '../../src/generation/deck/make-deck.ts';
import { readPicture } from '../../src/generation/deck/read-picture.ts';
import { blocksOf, linesOf, oneLine } from '../../src/generation/deck/slide-text.ts';
import { slidesOf } from '../../src/generation/documents/extract-pptx.ts';
import { createReadDocument } from '../../src/generation/documents/read-document.ts';

const run = promisify(execFile);

function pngOf(widthPx: number, heightPx: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
  };
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  head.writeUInt32BE(widthPx, 0);
  head.writeUInt32BE(heightPx, 4);
  const pixels = deflateSync(Buffer.alloc((widthPx + 1) * heightPx, 0x55));
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([start, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function pictureOf(bytes: Buffer) {
  const picture = readPicture(bytes);
  assert.ok(picture.ok);
  return picture.value;
}

const picture = pictureOf(pngOf(40, 30));
const HOSTILE = `<script>alert("x")</script> & 'quotes' ]]> \u0007\ud800`;
const DECK: Deck = {
  title: 'Tides & the Moon',
  lang: 'en',
  slides: [
    { title: 'Tides', template: 'sectionHeader', content: 'For beginners', notes: 'Welcome.\nSay who you are.' },
    { title: 'What makes a tide', template: 'titleAndBody', content: 'The Moon pulls.\nThe water follows.' },
    { title: 'Three things', template: 'titleAndBullets', content: ['Moon', 'Coast', 'Wind'], picture },
    { title: 'Two kinds', template: 'twoColumn', content: { leftColumn: 'Spring', rightColumn: ['Neap', 'Small'] } },
    { title: 'المد والجزر', template: 'titleAndBullets', content: ['يحدث المد مرتين كل يوم'] },
    { title: '潮汐 🌊', template: 'titleAndBody', content: '月球的引力' },
    { title: HOSTILE, template: 'titleAndBody', content: HOSTILE },
  ],
};

function made(deck: Deck, format: 'pptx' | 'html'): Buffer {
  const result = makeDeck(deck, format);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value.bytes;
}

/** Files of a zip; each that is XML is read by a strict reader, which throws where it is none. */
function partsOf(pptx: Buffer): ReadonlyMap<string, string> {
  const parts = Object.entries(unzipSync(pptx)).map(([name, bytes]) => [name, strFromU8(bytes)] as const);
  for (const [name, text] of parts)
    if (/\.(?:xml|rels)$/.test(name)) new SaxesParser({ xmlns: true, fileName: name }).write(text).close();
  return new Map(parts);
}

/** What a reader should find on a slide that we wrote. */
const expected = (slide: Slide) => ({
  title: oneLine(slide.title),
  lines: blocksOf(slide).flatMap(({ lines }) => lines),
  notes: linesOf(slide.notes ?? ''),
});

describe('a deck as a presentation', { timeout: 120_000 }, () => {
  it('is read again as it was written', () => {
    assert.deepEqual(slidesOf(made(DECK, 'pptx')), DECK.slides.map(expected));
  });

  it('has every file that another of its files leads to, and a type for each', () => {
    const parts = partsOf(made(DECK, 'pptx'));
    const types = parts.get('[Content_Types].xml') ?? '';
    for (const [name, text] of parts) {
      const ending = name.slice(name.lastIndexOf('.') + 1);
      assert.ok(types.includes(`PartName="/${name}"`) || types.includes(`Extension="${ending}"`), name);
      if (!name.endsWith('.rels')) continue;
      const folder = path.posix.dirname(path.posix.dirname(name));
      for (const [, target = ''] of text.matchAll(/Target="([^"]+)"/g)) {
        assert.ok(parts.has(path.posix.join(folder, target)), `${name} leads to ${target}`);
      }
    }
    assert.deepEqual(Buffer.from(unzipSync(made(DECK, 'pptx'))['ppt/media/image3.png'] ?? []), picture.bytes);
  });

  it('writes from right to left where the text does', () => {
    const parts = partsOf(made(DECK, 'pptx'));
    const rtl = (number: number): number => parts.get(`ppt/slides/slide${number}.xml`)?.match(/rtl="1"/g)?.length ?? 0;
    assert.deepEqual([rtl(5), rtl(6)], [2, 0]);
  });

  it('is the same file each time', () => {
    assert.deepEqual(made(DECK, 'pptx'), made(DECK, 'pptx'));
  });

  it('can be opened and says the same, whatever its slides say', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '&', '<', '"', ' ', '\n', '\0', '\ud800', '\uffff', '😀', 'م', '潮', ']]>', '\u2028'),
      maxLength: 12,
    });
    const list = fc.array(text, { maxLength: 4 });
    const content = fc.oneof(
      text,
      list,
      fc.record({ leftColumn: fc.oneof(text, list), rightColumn: fc.oneof(text, list) }),
    );
    const slide = fc.record({ title: text, template: fc.constantFrom(...SLIDE_TEMPLATES), content, notes: text });
    fc.assert(
      fc.property(fc.array(slide, { minLength: 1, maxLength: 3 }), text, (slides, title) => {
        const pptx = made({ title, lang: 'en', slides }, 'pptx');
        assert.ok(partsOf(pptx).size > 15);
        assert.deepEqual(slidesOf(pptx), slides.map(expected));
      }),
      { numRuns: 40 },
    );
  });

  it('renders in LibreOffice, one page for each slide, with what it says', async (test) => {
    const hasOffice = await run('soffice', ['--version']).then(
      () => true,
      () => false,
    );
    if (!hasOffice) return test.skip('soffice is not installed: the presentation is not rendered');
    const folder = await mkdtemp(path.join(tmpdir(), 'deck-'));
    try {
      await writeFile(path.join(folder, 'deck.pptx'), made(DECK, 'pptx'));
      const profile = `-env:UserInstallation=file://${folder}/profile`;
      await run('soffice', [
        profile,
        '--headless',
        '--convert-to',
        'pdf',
        '--outdir',
        folder,
        path.join(folder, 'deck.pptx'),
      ]);
      const reading = createReadDocument({
        clock: systemClock,
        exchange: { send: () => Promise.reject(new Error('no network')) },
      });
      const read = await reading(
        { upload: { bytes: await readFile(path.join(folder, 'deck.pdf')) } },
        new AbortController().signal,
      );
      assert.ok(read.ok, read.ok ? '' : read.failure.message);
      const pages = new Map(read.value.parts.map(({ page, text }) => [page, text]));
      assert.equal(pages.size, DECK.slides.length);
      const { stdout: chineseFonts } = await run('fc-list', [':lang=zh']);
      // Without a font that has them, LibreOffice draws boxes in place of the letters.
      for (const number of chineseFonts === '' ? [1, 2, 3, 4] : [1, 2, 3, 4, 6]) {
        const { title, lines } = expected(DECK.slides[number - 1] as Slide);
        for (const wanted of [title.replace(' 🌊', ''), ...lines])
          assert.ok(pages.get(number)?.includes(wanted), `${number}: ${wanted}`);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a deck as a page', () => {
  it('holds every slide, its notes and its picture, and no address of another place', () => {
    const page = made(DECK, 'html').toString();
    assert.equal(page.match(/<article /g)?.length, DECK.slides.length);
    for (const each of [
      'Tides &amp; the Moon',
      '<li dir="auto">Coast</li>',
      'Say who you are.',
      '潮汐 🌊',
      'يحدث المد',
    ])
      assert.ok(page.includes(each), each);
    assert.ok(page.includes(`src="data:image/png;base64,${picture.bytes.toString('base64')}"`));
    assert.doesNotMatch(page, /https?:|\bimport\b|@import|url\(/);
    assert.match(page, /default-src 'none'/);
  });

  it('runs nothing that a slide says', () => {
    const page = made(DECK, 'html').toString();
    assert.equal(page.match(/<script/g)?.length, 1);
    assert.ok(page.includes('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &apos;quotes&apos;'));
    const hostile = made({ ...DECK, lang: 'ar', title: '"><img src=x>' }, 'html').toString();
    assert.doesNotMatch(hostile, /<img src=x/);
    assert.match(hostile, /<html lang="ar" dir="rtl">/);
  });
});

describe('a deck that cannot be made', () => {
  it('says what to change', () => {
    const none = makeDeck({ ...DECK, slides: [] }, 'pptx');
    assert.equal(!none.ok && none.failure.path, 'slides');
    const webp = Buffer.alloc(30);
    webp.write('RIFF....WEBPVP8X', 'latin1');
    const slides = [{ ...(DECK.slides[0] as Slide), picture: pictureOf(webp) }];
    const refused = makeDeck({ ...DECK, slides }, 'pptx');
    assert.equal(!refused.ok && refused.failure.path, 'slides.0.image_url');
    assert.ok(makeDeck({ ...DECK, slides }, 'html').ok);
    assert.equal(readPicture(Buffer.from('<svg/>')).ok, false);
  });

  it('names files by the title, without what a folder cannot hold', () => {
    const nameOf = (title: string): string => {
      const result = makeDeck({ ...DECK, title }, 'pptx');
      return result.ok ? result.value.fileName : '';
    };
    assert.equal(nameOf('../a/b: "c"\n'), 'a-b-c.pptx');
    assert.equal(nameOf('潮汐'), '潮汐.pptx');
    assert.equal(nameOf('…'), 'deck.pptx');
  });
});
