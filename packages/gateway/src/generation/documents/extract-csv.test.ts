import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { extractCsv } from './extract-csv.ts';

describe('extractCsv', () => {
  it('names each cell by its column and leaves empty ones out', () => {
    assert.equal(
      extractCsv('Year,Sea,Height\r\n2024,North,4\r\n2025,,5,extra\r\n'),
      'Year: 2024; Sea: North; Height: 4\nYear: 2025; Height: 5; extra',
    );
  });

  it('reads quotes, also with quotes, delimiters and lines within', () => {
    assert.equal(extractCsv('Name,Said\n"Doe, Jo","""Hi""\nthere"\n'), 'Name: Doe, Jo; Said: "Hi" there');
    assert.equal(extractCsv('a,b\n"never closed'), 'a: never closed');
  });

  it('finds out what separates cells', () => {
    assert.equal(extractCsv('Sea;Height\nNorth;4,5'), 'Sea: North; Height: 4,5');
    assert.equal(extractCsv('Sea\tHeight\nNorth\t4'), 'Sea: North; Height: 4');
    assert.equal(extractCsv('"a,b";c\n1;2'), 'a,b: 1; c: 2');
  });

  it('takes a first row for names only where it can be', () => {
    assert.equal(extractCsv('1,2\n3,4'), '1 | 2\n3 | 4');
    assert.equal(extractCsv('a,a\n3,4'), 'a | a\n3 | 4');
    assert.equal(extractCsv('only'), 'only');
    assert.equal(extractCsv(''), '');
  });
});
