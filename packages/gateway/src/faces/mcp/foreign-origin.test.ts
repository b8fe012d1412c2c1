import assert from 'node:assert/strict';
import { it } from 'node:test';

import { isForeignOrigin } from './foreign-origin.ts';

it('programs, listed pages and pages of the gateway itself are at home', () => {
  const home = [
    { host: 'gateway.example' },
    { host: 'gateway.example', origin: 'https://console.example' },
    { host: 'localhost:8000', origin: 'http://localhost:8000' },
    { host: '192.168.1.7:8000', origin: 'http://192.168.1.7:8000' },
    { host: '[::1]:8000', origin: 'http://[::1]:8000' },
  ];
  for (const each of home)
    assert.equal(isForeignOrigin(each, ['https://console.example']), false, JSON.stringify(each));
});

it('other pages are foreign, also under a name that was made to point here', () => {
  const foreign = [
    { host: 'localhost:8000', origin: 'https://evil.example' },
    { host: 'evil.example:8000', origin: 'http://evil.example:8000' },
    { host: '127.0.0.1.evil.example', origin: 'http://127.0.0.1.evil.example' },
    { host: 'localhost:8000', origin: 'http://localhost:3000' },
    { host: 'localhost:8000', origin: 'null' },
  ];
  for (const each of foreign) assert.equal(isForeignOrigin(each, ['https://console.example']), true, each.origin);
});
