import { defineCheck, type Found } from '../check.ts';

const MIB = 1024 * 1024;
const HEAP_SHARE = 0.85;
const MACHINE_SHARE = 0.9;
const FILES_SHARE = 0.8;
/** At such a delay every stream stutters and added latency is felt. */
const LATE_MS = 200;

const mib = (bytes: number): number => Math.round(bytes / MIB);

/** A process that runs out of memory, of files or of time takes every call with it. */
export const processStrained = defineCheck({
  id: 'process-strained',
  title: 'Whether the process has memory, files and time left',
  codes: {
    'memory-heap-near-limit': { severity: 'error', title: 'The heap is near its limit' },
    'memory-machine-near-limit': { severity: 'error', title: 'The machine or container is nearly out of memory' },
    'files-near-limit': { severity: 'error', title: 'Open files and sockets are near their limit' },
    'event-loop-late': { severity: 'warning', title: 'The process comes late to its work' },
  },
  symptoms: ['providers-memory', 'library-memory', 'library-cpu', 'library-connections', 'accounts-crashes'],
  reach: 'here',
  needs: ['process'],
  run: async ({ process }) => {
    const found: Found[] = [];
    const { rssBytes, heapBytes, heapLimitBytes, machineBytes } = process.memory();
    const memory = { rssMiB: mib(rssBytes), heapMiB: mib(heapBytes), heapLimitMiB: mib(heapLimitBytes) };
    if (heapBytes > heapLimitBytes * HEAP_SHARE)
      found.push({
        code: 'memory-heap-near-limit',
        subject: 'gateway',
        cause: `Objects take ${memory.heapMiB} of ${memory.heapLimitMiB} MiB; at the limit the process ends.`,
        remedy: `Start it with NODE_OPTIONS=--max-old-space-size=${mib(heapLimitBytes) * 2}, lower MAX_IN_FLIGHT, and send the support bundle if it grows while nothing runs.`,
        evidence: memory,
      });
    if (rssBytes > machineBytes * MACHINE_SHARE)
      found.push({
        code: 'memory-machine-near-limit',
        subject: 'gateway',
        cause: `The process takes ${memory.rssMiB} of the ${mib(machineBytes)} MiB that there are.`,
        remedy: 'Give the machine or container more memory, or lower MAX_IN_FLIGHT and BODY_LIMIT_BYTES.',
        evidence: { ...memory, machineMiB: mib(machineBytes) },
      });
    const files = await process.files();
    if (files !== undefined && files.open > files.max * FILES_SHARE)
      found.push({
        code: 'files-near-limit',
        subject: 'gateway',
        cause: `${files.open} of ${files.max} files and sockets are open; at the limit no connection can be made.`,
        remedy: 'Raise the limit before the start: `ulimit -n 65535` (systemd: LimitNOFILE=65535).',
        evidence: files,
      });
    const { p99Ms, maxMs } = process.loopDelay();
    if (p99Ms > LATE_MS)
      found.push({
        code: 'event-loop-late',
        subject: 'gateway',
        cause: `In one of a hundred looks the event loop was ${Math.round(p99Ms)} ms late: the processor is taken, by this process or by others.`,
        remedy:
          'Look at `top`: if it is this process, run another replica or a machine with faster cores; else move the others away.',
        evidence: { p99Ms: Math.round(p99Ms), maxMs: Math.round(maxMs) },
      });
    return found;
  },
});
