import { test } from 'node:test';

test('the suite reached its end', () => {});
