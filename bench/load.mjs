/**
 * The load generator, in a process of its own. Takes one plan at a time as a message, answers with what it counted.
 *
 * A plan: `kind` closed | open | batch, `host`, `port`, `request` (bytes), `expected` (what to verify), `connections`,
 * `rate` (open: requests a second), `rampMs` (closed: opening spread over this time), `warmupMs`, `durationMs`,
 * `drainMs` (longest wait for answers still under way), `pids` (whose CPU to read), `core` (whose business to read).
 */
import { LoadConnection } from './load-connection.mjs';
import { coreBusySeconds, cpuSeconds } from './process-meter.mjs';

const NOTES_MAX = 5;

class Tally {
  constructor() {
    this.notes = [];
    this.clear();
  }

  clear() {
    Object.assign(this, {
      requests: 0,
      bad: 0,
      errors: 0,
      bytes: 0,
      reads: 0,
      answerBytes: 0,
      stalls: 0,
      stalledStreams: 0,
    });
    this.latenciesMs = [];
    this.firstBytesMs = [];
  }

  note(text) {
    if (this.notes.length < NOTES_MAX && !this.notes.includes(text)) this.notes.push(text);
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const DRIVERS = { closed: driveClosed, open: driveOpen, batch: driveBatch };

async function measure(plan) {
  const tally = new Tally();
  const connections = [];
  const driver = DRIVERS[plan.kind](plan, tally, connections);
  await sleep(plan.warmupMs);
  const warmBad = tally.bad + tally.errors;
  tally.clear();
  const before = meters(plan);
  await (driver.over ?? sleep(plan.durationMs));
  const result = close(plan, tally, before, warmBad);
  driver.stop();
  await drained(connections, plan.drainMs);
  for (const connection of connections) connection.stop();
  return result;
}

const meters = ({ pids, core }) => ({ atMs: performance.now(), cpu: cpuSeconds(pids), busy: coreBusySeconds(core) });

function close(plan, tally, before, warmBad) {
  const after = meters(plan);
  const { latenciesMs, firstBytesMs, ...counts } = tally;
  return {
    ...counts,
    warmBad,
    latenciesMs: Float64Array.from(latenciesMs),
    firstBytesMs: Float64Array.from(firstBytesMs),
    seconds: (after.atMs - before.atMs) / 1000,
    cpuSeconds: after.cpu - before.cpu,
    coreBusySeconds: after.busy - before.busy,
  };
}

async function drained(connections, limitMs) {
  const until = performance.now() + limitMs;
  while (performance.now() < until && connections.some((each) => each.isBusy)) await sleep(10);
}

/** Every connection sends its next request as soon as it has its answer. */
function driveClosed(plan, tally, connections) {
  let isStopping = false;
  const next = (connection) => {
    if (!isStopping) connection.send();
  };
  const open = () => {
    if (isStopping) return;
    const connection = new LoadConnection(plan, tally, next);
    connections.push(connection);
    connection.send();
  };
  for (let index = 0; index < plan.connections; index += 1) {
    if (plan.rampMs > 0) setTimeout(open, (plan.rampMs * index) / plan.connections);
    else open();
  }
  return { stop: () => (isStopping = true) };
}

/** Requests begin at a fixed rate whatever the answers do, so waiting counts as latency. */
function driveOpen(plan, tally, connections) {
  const idle = [];
  const startMs = performance.now();
  let begun = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) / 1000) * plan.rate);
    for (; begun < due; begun += 1) {
      const connection = idle.pop() ?? new LoadConnection(plan, tally, (each) => idle.push(each));
      if (connection.answers === 0) connections.push(connection);
      connection.send(startMs + ((begun + 1) / plan.rate) * 1000);
    }
  }, 1);
  return { stop: () => clearInterval(timer) };
}

/** All connections send one request at once; over when each has its answer. */
function driveBatch(plan, tally, connections) {
  for (let index = 0; index < plan.connections; index += 1) connections.push(new LoadConnection(plan, tally, () => {}));
  const over = sleep(plan.warmupMs + 1).then(async () => {
    for (const connection of connections) connection.send();
    await drained(connections, plan.durationMs);
  });
  return { over, stop: () => {} };
}

/** Gateways that must not outlive the benchmark when it is killed and cannot end them itself. */
let guarded = [];

process.on('message', (message) => {
  if (message.kind === 'guard') guarded = message.pids;
  else void measure({ ...message, request: Buffer.from(message.request) }).then((result) => process.send(result));
});
process.on('disconnect', () => {
  for (const pid of guarded) endGroup(pid);
  process.exit(0);
});

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

process.send('ready');
