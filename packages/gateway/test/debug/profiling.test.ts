import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { runInThisContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';

import { systemClock } from '@patchbay/llm/model/clock';

import { encodePprof } from '../../src/diagnosis/profiling/encode-pprof.ts';
import {
  listenForProfiling,
  type ProfilingListener,
  type ProfilingParts,
} from '../../src/diagnosis/profiling/listen.ts';
import { isFromThisMachine } from '../../src/identity/open-loopback.ts';

/** A reader of protocol buffers that is none of ours comes with an official client. */
const load = createRequire(createRequire(import.meta.url).resolve('@google/genai'));

/** The fields that matter here, numbered as the format's definition numbers them. */
const DEFINITION = `
  syntax = "proto3";
  message ValueType { int64 type = 1; int64 unit = 2; }
  message Sample { repeated uint64 location_id = 1; repeated int64 value = 2; }
  message Line { uint64 function_id = 1; int64 line = 2; }
  message Location { uint64 id = 1; uint64 mapping_id = 2; uint64 address = 3; repeated Line line = 4; }
  message Function { uint64 id = 1; int64 name = 2; int64 system_name = 3; int64 filename = 4; int64 start_line = 5; }
  message Profile {
    repeated ValueType sample_type = 1; repeated Sample sample = 2; repeated Location location = 4;
    repeated Function function = 5; repeated string string_table = 6; int64 time_nanos = 9; int64 duration_nanos = 10;
    ValueType period_type = 11; int64 period = 12;
  }`;

interface Decoded {
  readonly sampleType: readonly { readonly type: string; readonly unit: string }[];
  readonly sample: readonly { readonly locationId: readonly string[]; readonly value: readonly string[] }[];
  readonly location: readonly {
    readonly id: string;
    readonly line: readonly { readonly functionId: string; readonly line: string }[];
  }[];
  readonly function: readonly { readonly id: string; readonly name: string; readonly filename: string }[];
  readonly stringTable: readonly string[];
  readonly timeNanos: string;
  readonly durationNanos: string;
  readonly period: string;
}

interface Decoder {
  decode(bytes: Uint8Array): unknown;
  toObject(message: unknown, options: object): unknown;
}

function decode(gzipped: Uint8Array): Decoded {
  const { parse } = load('protobufjs') as { parse(text: string): { root: { lookupType(name: string): Decoder } } };
  const type = parse(DEFINITION).root.lookupType('Profile');
  return type.toObject(type.decode(gunzipSync(gzipped)), { longs: String, arrays: true, defaults: true }) as Decoded;
}

/** Names of a stack, the innermost first. */
function namesOf(profile: Decoded, sample: Decoded['sample'][number]): readonly string[] {
  return sample.locationId.map((id) => {
    const line = profile.location.find((each) => each.id === id)?.line[0];
    const found = profile.function.find((each) => each.id === line?.functionId);
    return profile.stringTable[Number(found?.name)] ?? '';
  });
}

it('a profile is read by others as it was written', () => {
  const frame = (name: string, line: number) => ({ name, file: '/a.ts', line });
  const decoded = decode(
    encodePprof({
      types: [{ type: 'cpu', unit: 'nanoseconds' }],
      samples: [
        { frames: [frame('inner', 7), frame('outer', 300)], values: [5_000_000_000] },
        { frames: [frame('outer', 300)], values: [1] },
      ],
      atMs: 1_700_000_000_000,
      durationMs: 2000,
      period: { type: 'cpu', unit: 'nanoseconds', every: 1_000_000 },
    }),
  );
  assert.equal(decoded.stringTable[0], '');
  assert.deepEqual(
    decoded.sampleType.map(({ type, unit }) => [decoded.stringTable[Number(type)], decoded.stringTable[Number(unit)]]),
    [['cpu', 'nanoseconds']],
  );
  assert.deepEqual(
    decoded.sample.map((each) => [namesOf(decoded, each), each.value]),
    [
      [['inner', 'outer'], ['5000000000']],
      [['outer'], ['1']],
    ],
  );
  assert.deepEqual([decoded.location.length, decoded.function.length], [2, 2]);
  assert.equal(decoded.location[1]?.line[0]?.line, '300');
  assert.deepEqual(
    [decoded.timeNanos, decoded.durationNanos, decoded.period],
    ['1700000000000000000', '2000000000', '1000000'],
  );
});

it('a profile names nothing that looks like a credential', () => {
  const frame = { name: 'with sk-canary-0123456789', file: '/a.ts?token=canary0123456789abcdef', line: 1 };
  const type = { type: 'cpu', unit: 'nanoseconds' };
  const samples = [{ frames: [frame], values: [1] }];
  const { stringTable } = decode(encodePprof({ types: [type], samples, atMs: 0, period: { ...type, every: 1 } }));
  assert.doesNotMatch(stringTable.join('\n'), /canary/);
});

describe('profiles of a process', () => {
  let listener: ProfilingListener;
  let kept: unknown;
  before(async () => {
    const isLocal: ProfilingParts['isLocal'] = ({ socket, headers }) =>
      isFromThisMachine(socket.remoteAddress ?? '', headers);
    listener = await listenForProfiling({ port: 0, clock: systemClock, isLocal });
  });
  after(async () => {
    kept = undefined;
    await listener.close();
  });

  const url = (path: string): string => `http://127.0.0.1:${listener.port}/debug/pprof/${path}`;
  const profile = async (path: string): Promise<Decoded> => {
    const response = await fetch(url(path));
    assert.equal(response.status, 200, path);
    return decode(new Uint8Array(await response.arrayBuffer()));
  };

  it('tell what is in memory by where it was allocated', async () => {
    // Named so that it is found again; large enough to be sampled.
    const allocateForTheProfile = (): unknown =>
      Array.from({ length: 400_000 }, (_, at) => ({ at, text: `text ${at}` }));
    kept = allocateForTheProfile();
    const decoded = await profile('heap');
    const types = decoded.sampleType.map(({ type }) => decoded.stringTable[Number(type)]);
    assert.deepEqual(types, ['inuse_objects', 'inuse_space']);
    const ours = decoded.sample.filter((each) => namesOf(decoded, each).includes('allocateForTheProfile'));
    assert.ok(ours.reduce((bytes, { value }) => bytes + Number(value[1]), 0) > 1_000_000);
    assert.ok(Array.isArray(kept));
  });

  it('tell where time goes, without what addresses of scripts may hold', async () => {
    const code =
      '(function burnForTheProfile(untilMs) { let n = 0; while (performance.now() < untilMs) n += 1; return n; })';
    const burn = runInThisContext(code, {
      filename: 'https://me:canary-login@host.example/burn.js?token=canary-query',
    }) as (untilMs: number) => number;
    const asked = profile('profile?seconds=0.6');
    const stop = systemClock.every(20, () => void burn(performance.now() + 15));
    const decoded = await asked.finally(stop);
    const ours = decoded.sample.filter((each) => namesOf(decoded, each)[0] === 'burnForTheProfile');
    assert.ok(ours.some(({ value }) => Number(value[1]) > 0));
    assert.ok(decoded.stringTable.includes('https://host.example/burn.js'));
    assert.doesNotMatch(decoded.stringTable.join('\n'), /canary/);
  });

  it('tell what keeps the process alive, by kind', async () => {
    const decoded = await profile('goroutine');
    const server = decoded.sample.find((each) => namesOf(decoded, each)[0] === 'TCPServerWrap');
    assert.ok(Number(server?.value[0]) >= 1);
  });

  it('are taken one at a time and within bounds', async () => {
    const first = fetch(url('profile?seconds=0.5'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal((await fetch(url('profile?seconds=0.1'))).status, 409);
    assert.equal((await first).status, 200);
    for (const seconds of ['0', '-1', '121', 'many'])
      assert.equal((await fetch(url(`profile?seconds=${seconds}`))).status, 400, seconds);
    assert.equal((await fetch(url('secrets'))).status, 404);
    assert.match(await (await fetch(url(''))).text(), /heap/);
  });

  it('are for this machine alone', async () => {
    const statusWith = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request(url('goroutine'), { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    assert.equal(await statusWith({ host: 'evil.example' }), 403);
    assert.equal(await statusWith({ origin: 'https://evil.example' }), 403);
    assert.equal(await statusWith({}), 200);
  });

  it('name the port and the variable where it is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await assert.rejects(listenForProfiling({ port, clock: systemClock, isLocal: () => true }), {
      message: `Profiles cannot be served on port ${port} (EADDRINUSE). Set PROFILING_PORT to a free one.`,
    });
    other.close();
  });
});
