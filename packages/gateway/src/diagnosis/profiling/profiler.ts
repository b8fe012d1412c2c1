import type { Profiler as CpuProfiler, Runtime } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import process from 'node:process';

import type { Clock } from '@patchbay/llm/model/clock';

import type { Profile, ProfileFrame, ProfileSample } from './encode-pprof.ts';

/** Takes profiles of this process by the engine's own sampling. */
export interface Profiler {
  /** What is in memory now, by where it was allocated since the profiler was opened. */
  heap(): Promise<Profile>;
  /** Where time goes until `seconds` are over or the signal aborts; `busy` while another one is taken. */
  cpu(seconds: number, signal: AbortSignal): Promise<Profile | 'busy'>;
  /** What keeps the process alive: sockets, timers, files, by kind. */
  activity(): Profile;
  close(): Promise<void>;
}

/** Bytes between two samples of the heap: some thousandths of the time. */
const HEAP_SAMPLE_BYTES = 512 * 1024;
const CPU_SAMPLE_MICROS = 1000;
const NANOS_PER_MICRO = 1000;

/** Opens a profiler; from now on allocations are sampled. */
export async function openProfiler(clock: Clock): Promise<Profiler> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.enable');
  await session.post('HeapProfiler.startSampling', { samplingInterval: HEAP_SAMPLE_BYTES });
  let isTaking = false;
  return {
    heap: async () => {
      const { profile } = await session.post('HeapProfiler.getSamplingProfile');
      return heapProfile(profile as unknown as HeapSamples, clock.nowMs());
    },
    cpu: async (seconds, signal) => {
      if (isTaking) return 'busy';
      isTaking = true;
      try {
        await session.post('Profiler.enable');
        await session.post('Profiler.setSamplingInterval', { interval: CPU_SAMPLE_MICROS });
        await session.post('Profiler.start');
        const atMs = clock.nowMs();
        await clock.sleep(seconds * 1000, signal);
        const { profile } = await session.post('Profiler.stop');
        await session.post('Profiler.disable');
        return cpuProfile(profile, atMs);
      } finally {
        isTaking = false;
      }
    },
    activity: () => activityProfile(process.getActiveResourcesInfo(), clock.nowMs()),
    close: async () => {
      await session.post('HeapProfiler.stopSampling');
      session.disconnect();
    },
  };
}

/** Node's declarations lack what the protocol has had for years: ids and samples. */
interface HeapNode {
  readonly callFrame: Runtime.CallFrame;
  readonly selfSize: number;
  readonly id: number;
  readonly children: readonly HeapNode[];
}

interface HeapSamples {
  readonly head: HeapNode;
  readonly samples: readonly { readonly nodeId: number }[];
}

function heapProfile({ head, samples }: HeapSamples, atMs: number): Profile {
  const counts = Map.groupBy(samples, ({ nodeId }) => nodeId);
  const found: ProfileSample[] = [];
  const visit = (node: HeapNode, outer: readonly ProfileFrame[]): void => {
    const frames = [frameOf(node.callFrame), ...outer];
    const objects = counts.get(node.id)?.length ?? 0;
    if (node.selfSize > 0) found.push({ frames, values: [Math.max(1, objects), node.selfSize] });
    for (const child of node.children) visit(child, frames);
  };
  for (const child of head.children) visit(child, []);
  return {
    types: [
      { type: 'inuse_objects', unit: 'count' },
      { type: 'inuse_space', unit: 'bytes' },
    ],
    samples: found,
    atMs,
    period: { type: 'space', unit: 'bytes', every: HEAP_SAMPLE_BYTES },
  };
}

function cpuProfile(profile: CpuProfiler.Profile, atMs: number): Profile {
  const { nodes, samples = [], timeDeltas = [] } = profile;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const micros = new Map<number, number>();
  const counts = new Map<number, number>();
  for (const [at, id] of samples.entries()) {
    // A delta is the time before its sample: what was found there lasted until the next.
    micros.set(id, (micros.get(id) ?? 0) + Math.max(0, timeDeltas[at + 1] ?? 0));
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const framesOf = (id: number): readonly ProfileFrame[] => {
    const frames: ProfileFrame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (node !== undefined && node.callFrame.functionName !== '(root)') frames.push(frameOf(node.callFrame));
    }
    return frames;
  };
  return {
    types: [
      { type: 'samples', unit: 'count' },
      { type: 'cpu', unit: 'nanoseconds' },
    ],
    samples: [...counts].map(([id, count]) => ({
      frames: framesOf(id),
      values: [count, (micros.get(id) ?? 0) * NANOS_PER_MICRO],
    })),
    atMs,
    durationMs: (profile.endTime - profile.startTime) / 1000,
    period: { type: 'cpu', unit: 'nanoseconds', every: CPU_SAMPLE_MICROS * NANOS_PER_MICRO },
  };
}

function activityProfile(kinds: readonly string[], atMs: number): Profile {
  const samples = [...Map.groupBy(kinds, (kind) => kind)].map(([name, each]) => ({
    frames: [{ name, file: 'active resources', line: 0 }],
    values: [each.length],
  }));
  const type = { type: 'goroutine', unit: 'count' };
  return { types: [type], samples, atMs, period: { ...type, every: 1 } };
}

/** Addresses of scripts may carry queries and logins. */
function frameOf({ functionName, url, lineNumber }: Runtime.CallFrame): ProfileFrame {
  const parsed = URL.parse(url);
  const file =
    parsed === null
      ? url
      : parsed.protocol === 'file:'
        ? parsed.pathname
        : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
  return { name: functionName === '' ? '(anonymous)' : functionName, file, line: lineNumber + 1 };
}
