import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createEgressPolicy } from './policy.ts';

describe('egress policy', () => {
  it('lets public addresses pass and nothing else when nothing was named', () => {
    const policy = createEgressPolicy([], []);
    assert.equal(policy.addressAllowed('8.8.8.8'), true);
    assert.equal(policy.addressAllowed('2606:4700::1'), true);
    assert.equal(policy.addressAllowed('127.0.0.1'), false);
    assert.equal(policy.addressAllowed('::1'), false);
    assert.equal(policy.addressAllowed('no address'), false);
    assert.equal(policy.hostNamed('localhost'), false);
  });

  it('lets a named network pass up to its edges', () => {
    const policy = createEgressPolicy(['10.1.0.0/16', 'fd00:1::/32'], []);
    assert.equal(policy.addressAllowed('10.1.0.0'), true);
    assert.equal(policy.addressAllowed('10.1.255.255'), true);
    assert.equal(policy.addressAllowed('10.2.0.0'), false);
    assert.equal(policy.addressAllowed('fd00:1:ffff::1'), true);
    assert.equal(policy.addressAllowed('fd00:2::1'), false);
  });

  it('lets one named address pass and not its neighbour', () => {
    const policy = createEgressPolicy(['10.0.0.5', '[::1]', 'fe80::1%eth0'], []);
    assert.equal(policy.addressAllowed('10.0.0.5'), true);
    assert.equal(policy.addressAllowed('10.0.0.6'), false);
    assert.equal(policy.addressAllowed('::1'), true);
    assert.equal(policy.addressAllowed('::2'), false);
    assert.equal(policy.addressAllowed('fe80::1%eth0'), true);
  });

  it('judges a mapped address like the IPv4 address that is dialled', () => {
    const policy = createEgressPolicy(['10.0.0.0/8'], []);
    assert.equal(policy.addressAllowed('::ffff:10.0.0.1'), true);
    assert.equal(policy.addressAllowed('::ffff:192.168.0.1'), false);
  });

  it('does not open IPv4 when an IPv6 network is named', () => {
    const policy = createEgressPolicy(['fc00::/7'], []);
    assert.equal(policy.addressAllowed('10.0.0.1'), false);
    assert.equal(policy.addressAllowed('::ffff:10.0.0.1'), false);
  });

  it('knows a named host in any case, with a final dot and in brackets', () => {
    const policy = createEgressPolicy(['Ollama.Internal', 'vllm_1'], ['http://GPU-Box:8080/v1', 'http://[::1]:11434']);
    for (const host of ['ollama.internal', 'OLLAMA.internal.', 'vllm_1', 'gpu-box', '::1', '[::1]'])
      assert.equal(policy.hostNamed(host), true, host);
  });

  it('does not take a named host for its subdomains or relatives', () => {
    const policy = createEgressPolicy(['internal'], ['http://gpu-box:8080']);
    for (const host of ['evil.internal', 'internal.evil.com', 'gpu-box2', 'gpu-box:8080'])
      assert.equal(policy.hostNamed(host), false, host);
  });

  it('does not name the addresses of a named host', () => {
    assert.equal(createEgressPolicy(['localhost'], []).addressAllowed('127.0.0.1'), false);
  });

  for (const entry of [
    '',
    '10.0.0.0/',
    '10.0.0.0/abc',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/9',
    'fd00::/129',
    'fe80::1%eth0/64',
    'ollama/8',
    'http://ollama',
    'ollama:11434',
    '*.internal',
    '10.0.0',
    '300.1.1.1',
    'two words',
  ])
    it(`refuses the entry "${entry}" with a sentence that names it`, () => {
      assert.throws(
        () => createEgressPolicy([entry], []),
        (error: Error & { code?: string }) =>
          error.code === undefined &&
          error.message.startsWith(`EGRESS_ALLOW: \`${entry}\` is no`) &&
          error.message.includes('10.0.0.0/8'),
      );
    });

  for (const origin of ['', 'canary@gpu-box/v1', 'user:canary@gpu-box', 'gpu-box:8080/v1'])
    it(`refuses the base URL "${origin}" without repeating it, since it may hold a password`, () => {
      assert.throws(
        () => createEgressPolicy([], [origin]),
        (error: Error & { code?: string }) =>
          error.code === undefined && error.message.includes('https://') && !/canary|gpu-box/.test(error.message),
      );
    });
});
