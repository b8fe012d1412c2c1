import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import type { JsonObject } from '@patchbay/llm/model/json';

import type { SeenRequest } from '../support/scripted-upstream.ts';
import { expectedAsked, expectedHeard } from './asked.ts';
import type { ClientSide, Talk } from './clients/client.ts';
import type { Asked, Broken, Cancelled, Cannot, Conversation, Feature, Heard, Refused } from './scenario.ts';
import { providerIdOf, type Stage } from './stage.ts';
import type { UpstreamSide, Wire } from './upstreams/upstream.ts';

/** How a cell turned out. `unsaid`: one side has no word for the feature, so there is nothing to carry. */
export type Verdict =
  | { readonly state: 'same'; readonly losses: readonly string[] }
  | { readonly state: 'cannot'; readonly reason: string; readonly losses: readonly string[] }
  | { readonly state: 'unsaid'; readonly reason: string }
  | { readonly state: 'red'; readonly reason: string };

export interface Cell {
  readonly feature: Feature;
  readonly client: ClientSide;
  readonly upstream: UpstreamSide;
}

/** Name of a cell among the cells of one upstream. */
export const cellName = ({ feature, client }: Pick<Cell, 'feature' | 'client'>): string =>
  `${client.id}--${feature.id}`;

/** Plays one cell on the stage; a failed assertion is a red cell. */
export async function runCell(stage: Stage, cell: Cell): Promise<Verdict> {
  const unsaid = unsaidReason(cell);
  if (unsaid !== undefined) return { state: 'unsaid', reason: unsaid };
  try {
    return await PLAYS[cell.feature.kind](stage, cell);
  } catch (error) {
    return { state: 'red', reason: error instanceof Error ? error.message : String(error) };
  }
}

function unsaidReason({ feature, client, upstream }: Cell): string | undefined {
  for (const need of feature.needs ?? []) {
    const reason = client.lacks[need] ?? (ANSWERED.has(need) ? upstream.lacks[need] : undefined);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** What only an answer says: an upstream without the word has nothing that could be lost. */
const ANSWERED = new Set(['signature', 'refusal', 'cached']);

const modelOf = (cell: Cell): string => `${providerIdOf(cell.upstream, cellName(cell))}/${cell.upstream.model}`;

const talkOf = (stage: Stage, cell: Cell): Talk =>
  cell.client.talk(stage.url, stage.keyOf(providerIdOf(cell.upstream, cellName(cell))));

interface Exchange {
  asked?: Asked;
  body: string;
  failure?: unknown;
}

async function playConversation(stage: Stage, cell: Cell): Promise<Verdict> {
  const feature = cell.feature as Conversation;
  const rule = ruleOf(feature.cannot ?? [], cell);
  const differs = new Set<string>();
  const losses = new Set<string>();
  for (const stream of [false, true]) {
    const talk = talkOf(stage, cell);
    for (const [round, { said }] of feature.rounds.entries()) {
      const exchange = castRound(stage, cell, { feature, round, stream });
      const heard = await talk.say({ model: modelOf(cell), settings: feature.settings, said, stream });
      if (exchange.failure !== undefined) throw exchange.failure;
      assert.ok(exchange.asked !== undefined, 'the provider was asked');
      compare(exchange.asked, expectedAsked(feature, round), { rule, differs, where: wordsOf(stream, round) });
      compare(heard, expectedHeard(feature, round), { rule, differs, where: wordsOf(stream, round) });
      if (rule !== undefined) assertCarried(rule, feature, round, exchange.body);
    }
  }
  for (const { losses: told } of await stage.records(modelOf(cell), 2 * feature.rounds.length))
    for (const loss of told) losses.add(general(loss));
  return verdictOf(rule, differs, [...losses].toSorted());
}

const wordsOf = (stream: boolean, round: number): string => `${stream ? 'streamed' : 'whole'}, round ${round + 1}`;

/** A loss without the numbers of its place. */
const general = (loss: string): string => loss.replace(/\[\d+\]/g, '[…]');

function ruleOf(rules: readonly Cannot[], { client, upstream }: Cell): Cannot | undefined {
  return rules.find(
    ({ clients, upstreams }) => (clients?.includes(client.id) ?? true) && (upstreams?.includes(upstream.id) ?? true),
  );
}

interface Round {
  readonly feature: Conversation;
  readonly round: number;
  readonly stream: boolean;
}

function castRound(stage: Stage, cell: Cell, { feature, round, stream }: Round): Exchange {
  const exchange: Exchange = { body: '' };
  const { upstream } = cell;
  const answer = feature.rounds[round]?.answer;
  assert.ok(answer !== undefined);
  // No two answers of a provider have calls of one id.
  const id = `${digest(modelOf(cell))}_${round}${stream ? 's' : 'w'}`;
  stage.cast(providerIdOf(upstream, cellName(cell)), async (seen, path, response) => {
    exchange.body = seen.body.toString();
    try {
      exchange.asked = upstream.read(JSON.parse(exchange.body) as JsonObject, path);
    } catch (failure) {
      exchange.failure = failure;
    }
    const { type, body } = stream ? upstream.stream(answer, id) : upstream.whole(answer, id);
    response.writeHead(200, { 'content-type': type });
    for (const piece of pieces(body)) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  return exchange;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

const PIECE_BYTES = 97;

/** Bytes in pieces that end anywhere, even inside a letter. */
function pieces(body: Wire['body']): readonly Buffer[] {
  const bytes = Buffer.from(body);
  const count = Math.ceil(bytes.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * PIECE_BYTES, (at + 1) * PIECE_BYTES));
}

interface Comparing {
  readonly rule: Cannot | undefined;
  readonly differs: Set<string>;
  readonly where: string;
}

/** Every facet must be the same; those that the rule excuses are noted when they are not. */
function compare<Facets extends Asked | Heard>(
  actual: Facets,
  expected: Facets,
  { rule, differs, where }: Comparing,
): void {
  for (const facet of Object.keys(expected) as (keyof Facets & string)[]) {
    if (!(rule?.facets as readonly string[] | undefined)?.includes(facet))
      assert.deepEqual(actual[facet], expected[facet], `${facet} (${where})`);
    else if (JSON.stringify(actual[facet]) !== JSON.stringify(expected[facet])) differs.add(facet);
  }
}

/** What only moved is still there. */
function assertCarried({ loss }: Cannot, { rounds }: Conversation, round: number, body: string): void {
  if (!loss.source.includes('moved')) return;
  const results = rounds.slice(0, round + 1).flatMap(({ said }) => said.results ?? []);
  for (const { picture } of results) if (picture !== undefined) assert.ok(body.includes(picture), 'it moved elsewhere');
}

function verdictOf(rule: Cannot | undefined, differs: ReadonlySet<string>, losses: readonly string[]): Verdict {
  if (rule === undefined) return { state: 'same', losses };
  assert.ok(differs.size > 0, `nothing was lost, so this is no longer true: ${rule.reason}`);
  assert.ok(
    losses.some((loss) => rule.loss.test(loss)),
    `the loss ${String(rule.loss)} was not told: ${losses.join('; ') || 'none'}`,
  );
  return { state: 'cannot', reason: rule.reason, losses };
}

async function playRefusal(stage: Stage, cell: Cell): Promise<Verdict> {
  const { refusal, statusFor } = cell.feature as Refused;
  const { client, upstream } = cell;
  stage.cast(providerIdOf(upstream, cellName(cell)), (_, __, response) => {
    const wait = refusal.wait === undefined ? {} : { 'retry-after': String(refusal.wait) };
    response.writeHead(refusal.status, { 'content-type': 'application/json', ...wait });
    response.end(JSON.stringify(upstream.refuse(refusal)));
  });
  const expected = sameVendor(client, upstream) ? refusal.status : (statusFor?.[client.id] ?? refusal.status);
  const said = { text: 'hi' };
  const error = await thrown(talkOf(stage, cell).say({ model: modelOf(cell), settings: {}, said, stream: false }));
  const { status, message } = client.refused(error);
  assert.equal(status, expected, message);
  assert.ok(message.includes(refusal.message), `the provider’s words reach the caller: ${message}`);
  return { state: 'same', losses: [] };
}

/** Errors of one vendor have one shape, whichever of its dialects speaks: they keep their status. */
const sameVendor = (client: ClientSide, upstream: UpstreamSide): boolean =>
  client.id === upstream.id || (client.id.startsWith('openai-') && upstream.id.startsWith('openai-'));

async function thrown(answer: Promise<unknown>): Promise<unknown> {
  try {
    await answer;
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: 'the client threw nothing' });
}

async function playBroken(stage: Stage, cell: Cell): Promise<Verdict> {
  const { text, message } = cell.feature as Broken;
  const { client, upstream } = cell;
  const heardFirst = Promise.withResolvers<void>();
  stage.cast(providerIdOf(upstream, cellName(cell)), async (_, __, response) => {
    const { type, begun } = upstream.begin(text);
    response.writeHead(200, { 'content-type': type });
    response.write(begun);
    await heardFirst.promise;
    response.end(Buffer.from(upstream.broken(text, message).body).subarray(Buffer.from(begun).length));
  });
  let heard = '';
  const onText = (piece: string): void => {
    heard += piece;
    heardFirst.resolve();
  };
  const talk = talkOf(stage, cell);
  const asking = { model: modelOf(cell), settings: {}, said: { text: 'hi' }, stream: true, onText };
  const error = await thrown(talk.say(asking));
  assert.equal(heard, text, 'the first words arrived');
  assert.ok(String(client.refused(error).message).includes(message), `the reason arrived: ${String(error)}`);
  return { state: 'same', losses: [] };
}

async function playCancelled(stage: Stage, cell: Cell): Promise<Verdict> {
  const { text } = cell.feature as Cancelled;
  const { upstream } = cell;
  const seen = Promise.withResolvers<SeenRequest>();
  stage.cast(providerIdOf(upstream, cellName(cell)), (request, _, response) => {
    const { type, begun } = upstream.begin(text);
    response.writeHead(200, { 'content-type': type });
    response.write(begun);
    seen.resolve(request);
  });
  const leaving = new AbortController();
  const talk = talkOf(stage, cell);
  const onText = (): void => leaving.abort();
  const asking = {
    model: modelOf(cell),
    settings: {},
    said: { text: 'hi' },
    stream: true,
    signal: leaving.signal,
    onText,
  };
  await thrown(talk.say(asking));
  await (
    await seen.promise
  ).closedEarly;
  const [record] = await stage.records(modelOf(cell), 1);
  assert.equal(record?.state, 'cancelled');
  return { state: 'same', losses: [] };
}

const PLAYS: Readonly<Record<Feature['kind'], (stage: Stage, cell: Cell) => Promise<Verdict>>> = {
  conversation: playConversation,
  refusal: playRefusal,
  broken: playBroken,
  cancelled: playCancelled,
};
