import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { filled, hasMarkup, languageIssue, languageName, wordsIn } from './wording.ts';

describe('markup', () => {
  for (const text of ['**a**', '# a', '- a', '• a', '`a`', '[a](b)', 'a\nb', '<b>a</b>', '__a__'])
    it(`is seen in ${JSON.stringify(text)}`, () => assert.ok(hasMarkup(text)));
  for (const text of ['C# and F#', 'snake_case', 'a - b', '5 * 3', 'a < b', '[1] a source', 'Was ist das?'])
    it(`is not seen in ${JSON.stringify(text)}`, () => assert.ok(!hasMarkup(text)));
});

describe('a language', () => {
  it('is told by the script of most texts', () => {
    assert.equal(languageIssue(['Ethik', 'Macht'], 'de'), undefined);
    assert.equal(languageIssue(['人工智能', '伦理'], 'zh'), undefined);
    assert.equal(languageIssue(['AI の倫理', 'AI'], 'ja'), undefined);
    assert.match(languageIssue(['Ethics', 'Power', 'этика'], 'ru') ?? '', /Russian/);
  });

  it('has a name for models', () => {
    assert.equal(languageName('pt-BR'), 'Brazilian Portuguese');
    assert.equal(languageName('xx'), 'xx');
  });
});

it('templates keep what they do not know', () => {
  assert.equal(filled('{topic} {other} {topic}', { topic: '{n}$&' }), '{n}$& {other} {n}$&');
});

it('words are those that mean something, in any script', () => {
  assert.deepEqual([...wordsIn('The ethics of AI and power')], ['ethics', 'power']);
  assert.ok(wordsIn('人工智能伦理').size > 0);
});
