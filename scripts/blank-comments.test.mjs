import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blankComments } from './lib/blank-comments.mjs';

describe('blanking comments', () => {
  it('keeps line breaks and everything that is not a comment', () => {
    assert.equal(blankComments('a; // one\n/* two\n three */ b;'), 'a;       \n      \n          b;');
  });

  it('leaves what looks like a comment in strings, templates and regular expressions', () => {
    for (const code of ["'http://x'", '"/* y */"', '`// ${z}`', 'x = /[/]\\/\\/"/; y', 'a / b / c']) {
      assert.equal(blankComments(code), code);
    }
  });

  it('is not led astray by a quote inside a regular expression', () => {
    assert.equal(blankComments("s.replace(/'/g, x); // gone"), "s.replace(/'/g, x);        ");
  });
});
