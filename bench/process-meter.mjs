import { readFileSync, readdirSync } from 'node:fs';

/** `/proc` counts CPU time in these on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;

/** False where there is no `/proc`: CPU and memory are then left out of the results. */
export const CAN_METER = process.platform === 'linux';

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Fields of `/proc/<pid>/stat` after the command name, which may itself contain spaces and brackets. */
function statFields(pid) {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** The process and everything it started, by parent; empty when it is gone. */
export function processTree(rootPid) {
  if (!CAN_METER) return [];
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statFields(name)[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [rootPid];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** CPU seconds used so far by all threads of the processes and by their children that have ended. */
export function cpuSeconds(pids) {
  let ticks = 0;
  for (const pid of pids) {
    const fields = statFields(pid);
    if (fields.length > 14) ticks += Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
  }
  return ticks / TICKS_PER_SECOND;
}

/** Resident memory of the processes together, in MB. */
export function residentMb(pids) {
  let kilobytes = 0;
  for (const pid of pids) kilobytes += Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  return kilobytes / 1024;
}

/** Seconds core `core` has been busy since boot, for whatever process. */
export function coreBusySeconds(core) {
  const fields = new RegExp(`^cpu${core} (.*)$`, 'm').exec(read('/proc/stat'))?.[1]?.split(' ').map(Number);
  if (fields === undefined) return 0;
  const [user, nice, system, , , irq, softIrq] = fields;
  return (user + nice + system + irq + softIrq) / TICKS_PER_SECOND;
}
