import type { ModelTest } from '@patchbay/contract/resources/model';
import type { ProviderTest } from '@patchbay/contract/resources/provider';
import type { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Result } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';
import type { OfferedModel } from '@patchbay/llm/providers/read-model-list';

import { dialAddress, findAddresses, inspectTls } from '../../egress/dial-phases.ts';
import type { NameService } from '../../egress/name-cache.ts';
import type { EgressPolicy } from '../../egress/policy.ts';
import type { WholeResponse } from '../../relay/fetch-whole.ts';
import type { Upstream } from '../../relay/upstream.ts';
import { claimsAgainst } from './claims.ts';
import { sentenceFor } from './findings.ts';
import { Phases, type Found } from './phases.ts';
import { askForModels, callTiny, type Asked, type Subject } from './questions.ts';

/** What a prober needs. */
export interface ProberParts {
  readonly policy: EgressPolicy;
  readonly names: NameService;
  readonly signer: RequestSigner;
  /** Sends one request through the guarded way out, or the one that is given, and takes its whole answer within `timeoutMs`. */
  readonly ask: (request: UpstreamRequest, timeoutMs: number, way?: Upstream) => Promise<Result<WholeResponse>>;
  readonly clock: Clock;
  /** How long a test may take in all, in milliseconds: PROVIDER_TEST_TIMEOUT. */
  readonly timeoutMs: number;
}

/** Tries providers and models for real. A failure is what it finds out, never what it throws. */
export interface Prober {
  /** Goes from the name to the list of models, phase by phase; stops at the first that fails. */
  testProvider(subject: Subject): Promise<ProviderTest>;
  /** Makes one call of a few tokens. */
  testModel(subject: Subject, model: string): Promise<ModelTest>;
  /** Whether the provider answers and knows the account; asks for the list of models, which costs nothing. */
  look(subject: Subject): Promise<{ readonly ok: boolean; readonly error?: string }>;
  /** Name, connection and certificate of an address; asks nothing there. */
  reach(baseUrl: string): Promise<Reached>;
  /** Asks for the list of models, which costs nothing, and tells what came of it. */
  ask(subject: Subject): Promise<Asked>;
  /** What the provider says it has, or why it does not say. */
  listModels(subject: Subject): Promise<Result<readonly OfferedModel[]>>;
}

/** How far one comes towards an address. */
export interface Reached {
  readonly host: string;
  readonly port: number;
  /** Where it ended; absent where everything is well. */
  readonly failed?: { readonly phase: 'dns' | 'tcp' | 'tls'; readonly code: string; readonly finding: string };
  /** When the certificate that was shown ends, in milliseconds since 1970; absent over plain HTTP. */
  readonly certificateEndsMs?: number;
}

/** Longest wait for one step of a connection, in milliseconds. */
const STEP_MS = 5000;
/** A certificate with fewer days left is worth a word. */
const SOON_DAYS = 14;
const DAY_MS = 86_400_000;

/** Makes the one prober, which provider tests, the watch over health and the doctor share. */
export function createProber(parts: ProberParts): Prober {
  return {
    testProvider: (subject) => testProvider(parts, subject),
    async testModel(subject, model) {
      const startedMs = parts.clock.monotonicMs();
      const called = await callTiny(parts, subject, model);
      return {
        success: called.ok,
        responseTime: Math.round(parts.clock.monotonicMs() - startedMs),
        actualCapabilities: called.ok ? called.value : {},
        errors: called.ok ? [] : [called.finding],
        testedAt: new Date(parts.clock.nowMs()).toISOString(),
      };
    },
    async look(subject) {
      const { http, auth } = await askForModels(parts, subject);
      const wrong = http.ok ? auth : http;
      return wrong.ok ? { ok: true } : { ok: false, error: wrong.finding };
    },
    reach: (baseUrl) => reach(parts, baseUrl),
    ask: (subject) => askForModels(parts, subject),
    async listModels(subject) {
      const asked = await askForModels(parts, subject);
      return asked.auth.ok && asked.models !== undefined
        ? { ok: true, value: asked.models }
        : { ok: false, failure: { kind: 'upstream', message: asked.auth.finding } };
    },
  };
}

async function testProvider(parts: ProberParts, subject: Subject): Promise<ProviderTest> {
  const phases = new Phases(parts.clock);
  // What goes through a proxy must not be dialled from here, and the proxy may know names that we do not.
  const mayAsk = subject.way !== undefined || (await connected(parts, subject.record.baseUrl, phases)) !== undefined;
  const models = mayAsk ? await questions(parts, subject, phases) : undefined;
  const claims = models === undefined ? { capabilities: {}, differences: [] } : claimsAgainst(subject, models);
  const { errors } = phases;
  return {
    success: errors.length === 0,
    responseTime: phases.elapsedMs,
    availableModels: (models ?? []).map(({ id }) => id),
    capabilities: { ...claims.capabilities, differences: claims.differences },
    errors,
    testedAt: new Date(parts.clock.nowMs()).toISOString(),
    phases: phases.done,
  };
}

/** Where an address leads. */
function addressOf(baseUrl: string) {
  const { hostname, port, protocol } = new URL(baseUrl);
  const isSecure = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), isSecure, port: Number(port || (isSecure ? 443 : 80)) };
}

async function reach(parts: ProberParts, baseUrl: string): Promise<Reached> {
  const { host, port } = addressOf(baseUrl);
  const phases = new Phases(parts.clock);
  const way = await connected(parts, baseUrl, phases);
  const last = phases.done.at(-1);
  const endsMs = way?.certificateEndsMs;
  if (way !== undefined) return { host, port, ...(endsMs !== undefined && { certificateEndsMs: endsMs }) };
  const { phase, finding } = last as { readonly phase: 'dns' | 'tcp' | 'tls'; readonly finding: string };
  return { host, port, failed: { phase, code: phases.code ?? 'UNKNOWN', finding } };
}

interface Connected {
  readonly certificateEndsMs?: number;
}

/** Name, connection and certificate: what has to be right before anyone speaks HTTP. */
async function connected(parts: ProberParts, baseUrl: string, phases: Phases): Promise<Connected | undefined> {
  const { host, port, isSecure } = addressOf(baseUrl);
  const addresses = await phases.run('dns', async () => {
    const step = await findAddresses(parts.policy, parts.names, host);
    if (!step.ok) return lost(step.code, host, port);
    const [first = '', ...more] = step.value;
    return found(`${host} is ${first}${more.length > 0 ? ` and ${more.length} more` : ''}.`, step.value);
  });
  const [address] = addresses ?? [];
  if (address === undefined) return undefined;
  const socket = await phases.run('tcp', async () => {
    const step = await dialAddress(address, port, STEP_MS);
    return step.ok ? found(`${host}:${port} accepts connections.`, step.value) : lost(step.code, host, port);
  });
  if (socket === undefined) return undefined;
  if (!isSecure) {
    socket.destroy();
    return {};
  }
  const endsMs = await phases.run('tls', async () => certificate(parts, socket, host, port));
  return endsMs === undefined ? undefined : { certificateEndsMs: endsMs };
}

async function certificate(
  parts: ProberParts,
  socket: Parameters<typeof inspectTls>[0],
  host: string,
  port: number,
): Promise<Found<number>> {
  const step = await inspectTls(socket, host, STEP_MS);
  if (!step.ok) return lost(step.code === 'ECONNRESET' ? 'EPROTO' : step.code, host, port);
  const { protocol, validFrom, validTo, mistrust } = step.value;
  if (mistrust !== undefined) {
    const finding = `${sentenceFor(mistrust, host, port)} Valid from ${validFrom} to ${validTo}.`;
    return { ok: false, finding, code: mistrust };
  }
  const endsMs = Date.parse(validTo);
  const daysLeft = Math.floor((endsMs - parts.clock.nowMs()) / DAY_MS);
  const soon = daysLeft < SOON_DAYS ? `, which is only ${daysLeft} days away` : '';
  return found(`${protocol}; the certificate is trusted and valid until ${validTo}${soon}.`, endsMs);
}

async function questions(
  parts: ProberParts,
  subject: Subject,
  phases: Phases,
): Promise<readonly OfferedModel[] | undefined> {
  const asked = await phases.run('http', async () => {
    const answer = await askForModels(parts, subject);
    return answer.http.ok ? found(answer.http.finding, answer) : answer.http;
  });
  if (asked === undefined) return undefined;
  const isIn = await phases.run('auth', () => Promise.resolve(asked.auth));
  if (isIn === undefined) return undefined;
  await phases.run('model', () => Promise.resolve(asked.model));
  return asked.models ?? [];
}

const found = <Value>(finding: string, value: Value): Found<Value> => ({ ok: true, finding, value });

const lost = (code: string, host: string, port: number) =>
  ({ ok: false, finding: sentenceFor(code, host, port), code }) as const;
