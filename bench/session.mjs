import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PINNING, ask, endChild, startChild } from './children.mjs';
import { GATEWAYS, startGateway } from './gateways.mjs';
import { UPSTREAM_KEY, requestBody, requestBytes } from './payloads.mjs';
import { expectedAnswer } from './cases.mjs';
import { cpuSeconds, processTree } from './process-meter.mjs';

const IDLE_LIMIT_MS = 10_000;
const IDLE_SAMPLE_MS = 120;
const IDLE_CPU_SECONDS = 0.02;
const HERE = path.dirname(fileURLToPath(import.meta.url));
const ACCOUNT_HEADERS = {
  openai: { authorization: `Bearer ${UPSTREAM_KEY}` },
  anthropic: { 'x-api-key': UPSTREAM_KEY },
};

/** The mock upstream, the load generator and the gateways of one run of the benchmark. */
export class Session {
  #guarded = [];

  /** Starts mock and load generator; gateways of ours serve profiles where they are to be profiled. */
  static async open({ isProfiled = false } = {}) {
    const session = new Session();
    session.isProfiled = isProfiled;
    session.mock = startChild('others', process.execPath, [path.join(HERE, 'mock-upstream.mjs')], { hasChannel: true });
    session.mockPort = (await ask(session.mock)).port;
    session.load = startChild('others', process.execPath, [path.join(HERE, 'load.mjs')], { hasChannel: true });
    await ask(session.load);
    session.running = new Map();
    return session;
  }

  /** Prepares a gateway, of ours from the sources in `tree`, and keeps it running for all cases. Throws when it cannot be had. */
  async add(name, tree) {
    this.running.set(name, await this.start(name, tree));
  }

  /** Starts one more copy of a gateway; the caller ends it with `stop`. */
  async start(name, tree) {
    this.prepared ??= {};
    this.prepared[name] ??= await GATEWAYS[name].prepare();
    const gateway = await startGateway(name, {
      mockPort: this.mockPort,
      prepared: this.prepared[name],
      tree,
      isProfiled: this.isProfiled,
    });
    this.#guard([...this.#guarded, gateway.child.pid]);
    return gateway;
  }

  stop(gateway) {
    endChild(gateway.child);
    this.#guard(this.#guarded.filter((pid) => pid !== gateway.child.pid));
  }

  #guard(pids) {
    this.#guarded = pids;
    if (this.load.connected) this.load.send({ kind: 'guard', pids });
  }

  /** Runs one window of load; `gateway` is a running copy, or undefined for the mock itself. */
  async measure(gateway, scenario, load) {
    const pids = gateway === undefined ? [] : processTree(gateway.child.pid);
    const port = gateway?.port ?? this.mockPort;
    const plan = {
      host: '127.0.0.1',
      port,
      pids,
      core: Number(PINNING?.gateway ?? 0),
      request: this.#request(gateway, scenario),
      expected: expectedAnswer(scenario),
    };
    return ask(this.load, { rampMs: 0, drainMs: 300, ...plan, ...load });
  }

  /** Waits, at most 10 s, until no gateway works any more: an overloaded one goes on long after its clients left. */
  async untilIdle() {
    const pids = [...this.running.values()].flatMap(({ child }) => processTree(child.pid));
    const until = performance.now() + IDLE_LIMIT_MS;
    for (let before = -1; performance.now() < until;) {
      const cpu = cpuSeconds(pids);
      if (before >= 0 && cpu - before <= IDLE_CPU_SECONDS) return;
      before = cpu;
      await new Promise((resolve) => setTimeout(resolve, IDLE_SAMPLE_MS));
    }
  }

  /** What the mock has seen: requests, and how many it refused for a wrong key or model. */
  async mockStats() {
    return (await ask(this.mock, 'stats')).stats;
  }

  close() {
    for (const gateway of this.running.values()) this.stop(gateway);
    endChild(this.load);
    endChild(this.mock);
  }

  #request(gateway, { dialect, provider, name, isStream, bytes }) {
    const model = gateway?.record.model(provider, name) ?? name;
    const headers = gateway?.record.headers(name, this.mockPort, dialect) ?? ACCOUNT_HEADERS[dialect];
    return requestBytes({ dialect, headers, body: requestBody({ dialect, model, isStream, bytes }) });
  }
}
