import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { systemClock } from '@patchbay/llm/model/clock';

import { examine } from '../examine.ts';
import { watchProcess } from '../process-facts.ts';
import { processStrained } from './process-strained.ts';

/** Examines a process of its own, which first does what makes it ill; resolves to the codes that were found. */
function examined(illness: string, { before = '', options = [] as readonly string[] } = {}): readonly string[] {
  const at = (name: string): string => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
  const program = `
    import { systemClock } from '@patchbay/llm/model/clock';
    import { examine } from ${at('../examine.ts')};
    import { watchProcess } from ${at('../process-facts.ts')};
    import { processStrained } from ${at('./process-strained.ts')};
    const process = watchProcess(systemClock, 3);
    ${illness}
    const { findings } = await examine({ checks: [processStrained], ports: { process }, clock: systemClock });
    process.close();
    console.log(JSON.stringify(findings.map(({ code }) => code)));`;
  const node = [...options, '--conditions=patchbay-src', '--input-type=module-typescript', '-e', program];
  const command = `${before}exec "$@"`;
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const said = execFileSync('/bin/sh', ['-c', command, 'sh', process.execPath, ...node], { cwd: folder });
  return JSON.parse(said.toString()) as readonly string[];
}

const MEMORY_GROUPS = '/sys/fs/cgroup/memory';
const skipMemoryGroup = canWrite(path.join(MEMORY_GROUPS, 'cgroup.procs'))
  ? false
  : 'This user may not give a process a limit of memory of its own.';

function canWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

describe('a process', () => {
  it('is well while it has memory, files and time', () => {
    assert.deepEqual(examined(''), []);
  });

  it('is found to come late to its work', () => {
    const busy = `
      await new Promise((resolve) => setTimeout(resolve, 60));
      for (let turn = 0; turn < 3; turn += 1) {
        const end = performance.now() + 400;
        while (performance.now() < end);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }`;
    assert.deepEqual(examined(busy), ['event-loop-late']);
  });

  it('is found to be near the end of its heap', () => {
    const full = `
      const { getHeapStatistics } = await import('node:v8');
      globalThis.kept = [];
      while (getHeapStatistics().used_heap_size < getHeapStatistics().heap_size_limit * 0.87)
        globalThis.kept.push(Array.from({ length: 10_000 }, (_, at) => ({ at })));`;
    const codes = examined(full, { options: ['--max-old-space-size=256', '--max-semi-space-size=2'] });
    assert.ok(codes.includes('memory-heap-near-limit'), codes.join());
  });

  it('is found to be near its limit of files', () => {
    const many = `
      const { openSync, readdirSync } = await import('node:fs');
      while (readdirSync('/proc/self/fd').length < 228) openSync('/dev/null', 'r');`;
    assert.deepEqual(examined(many, { before: 'ulimit -n 256; ' }), ['files-near-limit']);
  });

  it('is found to be near the end of the memory of its container', { skip: skipMemoryGroup }, () => {
    const group = path.join(MEMORY_GROUPS, `patchbay-test-${process.pid}`);
    mkdirSync(group);
    try {
      writeFileSync(path.join(group, 'memory.limit_in_bytes'), String(400 * 1024 * 1024));
      // What is only asked for is not resident; what is written is.
      const full = `
        const kept = [];
        while (process.memory().rssBytes < process.memory().machineBytes * 0.93)
          kept.push(Buffer.alloc(1024 * 1024, 1));
        globalThis.kept = kept;`;
      const before = `echo $$ > ${path.join(group, 'cgroup.procs')}; `;
      assert.deepEqual(examined(full, { before }), ['memory-machine-near-limit']);
      assert.deepEqual(examined('', { before }), []);
    } finally {
      rmdirSync(group);
    }
  });

  it('tells what it has', async () => {
    const facts = watchProcess(systemClock);
    const { findings } = await examine({ checks: [processStrained], ports: { process: facts }, clock: systemClock });
    const { rssBytes, heapBytes, machineBytes } = facts.memory();
    facts.close();
    assert.ok(heapBytes > 0 && rssBytes > heapBytes && machineBytes > rssBytes);
    assert.ok(findings.every(({ evidence }) => Object.keys(evidence).length > 0));
  });
});
