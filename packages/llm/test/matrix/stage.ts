import assert from 'node:assert/strict';

import { createClient, LlmError, PROVIDERS, type Ask, type Exchange, type ProviderRecord } from '../../src/index.ts';
import type { EmbedAsk } from '../../src/client/embed.ts';
import { scriptedExchange, type ScriptedAnswer, type ScriptedExchange } from '../../src/testing.ts';
import { AMAZON, type Row } from './rows.ts';

/** Another provider, of another format, so that a conversation has to be written anew. */
const otherThan = ({ speaks: [speech] }: ProviderRecord): ProviderRecord =>
  speech?.format === 'anthropic-messages' ? PROVIDERS.openai : PROVIDERS.anthropic;

const ONE_TRY = { attemptsMax: 1, retry: 'none' } as const;

/** A provider that answers by a script, and how it is asked. */
export function played(
  { record, model: name, credential }: Row,
  answers: readonly ScriptedAnswer[],
  around = (inner: ScriptedExchange): Exchange => inner,
) {
  const exchange = scriptedExchange(answers, { amazonAccounts: { [AMAZON.accessKeyId]: AMAZON.secret } });
  const variables = Object.fromEntries(Object.values(record.variables ?? {}).map(({ env }) => [env, 'one']));
  const other = otherThan(record);
  const own = other.id === record.id ? [record] : [record, other];
  const client = createClient({ providers: own, exchange: around(exchange), variables, random: () => 0 });
  const options = { ...ONE_TRY, credentials: { [other.id]: { accessToken: 'token' }, [record.id]: credential } };
  const model = `${record.id}/${name}`;
  return {
    exchange,
    generate: (ask: Omit<Ask, 'model'>, more: object = {}) =>
      client.generate({ model, ...ask }, { ...options, ...more }),
    stream: (ask: Omit<Ask, 'model'>, more: object = {}) => client.stream({ model, ...ask }, { ...options, ...more }),
    embed: (ask: Omit<EmbedAsk, 'model'>, more: object = {}) =>
      client.embed({ model, ...ask }, { ...options, ...more }),
    other: other.id,
    elsewhere: (ask: Omit<Ask, 'model'>) => client.generate({ model: `${other.id}/some-model`, ...ask }, options),
  };
}

/** The failure with which work ends; work that ends well is a fault. */
export async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof LlmError, `It ended with ${String(error)}.`);
  return error.failure;
}
