import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { attributeOf, scanMarkup } from './scan-markup.ts';

/** What was read, in short: `<name>`, `</name>`, and texts as they are. */
const scanned = (source: string, raw?: ReadonlySet<string>): readonly string[] =>
  [...scanMarkup(source, raw)].map((token) =>
    token.kind === 'text'
      ? token.text
      : token.kind === 'close'
        ? `</${token.name}>`
        : `<${token.name}${token.empty ? '/' : ''}>`,
  );

describe('scanMarkup', () => {
  it('reads tags, texts, references and CDATA', () => {
    assert.deepEqual(scanned('<w:p a="1 > 0">x &amp; &#x1F600;&#33;&unknown;<br/></w:p><![CDATA[<raw> &amp;]]>'), [
      '<w:p>',
      'x & 😀!&unknown;',
      '<br/>',
      '</w:p>',
      '<raw> &amp;',
    ]);
  });

  it('leaves out comments, instructions and document types with their declarations', () => {
    assert.deepEqual(scanned('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "boo">]><!-- <b> --><a>&e;</a>'), [
      '<a>',
      '&e;',
      '</a>',
    ]);
  });

  it('takes what is no markup for text', () => {
    assert.deepEqual(scanned('1 < 2 <3'), ['1 ', '<', ' 2 ', '<', '3']);
  });

  it('skips what is no text for people', () => {
    assert.deepEqual(scanned('<script>a<b></SCRIPT>c', new Set(['script'])), ['<script>', '</SCRIPT>', 'c']);
  });

  it('finds attributes by their whole names', () => {
    assert.equal(attributeOf(' xid="1" id=\'a &lt; b\'', 'id'), 'a < b');
    assert.equal(attributeOf(' xid="1"', 'id'), undefined);
  });

  it('comes to an end over any text', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '/',
      '!',
      '--',
      '[',
      ']]>',
      '<![CDATA[',
      'a',
      '&',
      '#x',
      ';',
      ' ',
      '<!DOCTYPE',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (all) => scanned(all.join('')).length <= all.length * 2 + 1),
    );
  });
});
