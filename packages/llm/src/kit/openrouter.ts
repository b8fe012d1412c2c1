import type { JsonObject } from '../model/json.ts';
import { numberOf, objectOf } from '../wire/read.ts';
import type { HttpClientConfig } from './http.ts';
import { ProviderError } from './provider-error.ts';
import type { Model } from './provider.ts';
import { vendorJson } from './vendor-json.ts';

/** What is left at OpenRouter, in dollars. */
export interface OpenRouterBalance {
  /** What may still be spent; absent where neither the key nor the account says it. */
  readonly remaining?: number;
  /** Most that the key may spend; absent where it may spend what the account has. */
  readonly limit?: number;
  /** What was spent by this key so far. */
  readonly usage: number;
  readonly isFreeTier: boolean;
  /** Whether less than `alertBelow` is left. */
  readonly isLow: boolean;
}

/** How a balance is looked at. */
export interface BalanceOptions extends HttpClientConfig {
  /** Default: OpenRouter's own address. */
  readonly baseUrl?: string;
  /** Dollars under which a balance is low. Default 10. */
  readonly alertBelow?: number;
  /** Told of a balance that is low. */
  readonly onLow?: (balance: OpenRouterBalance) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

const BASE_URL = 'https://openrouter.ai/api/v1';

/** Asks OpenRouter what a key may still spend; where the key has no bound, what the account has. Throws `ProviderError`. */
export async function checkOpenRouterBalance(
  apiKey: string,
  { baseUrl = BASE_URL, alertBelow = 10, onLow, signal, ...http }: BalanceOptions = {},
): Promise<OpenRouterBalance> {
  const ask: Ask = async (path) => {
    const url = baseUrl.replace(/\/+$/, '') + path;
    const operation = 'checkOpenRouterBalance';
    return objectOf((await vendorJson({ provider: 'openrouter', operation, url, apiKey, http, signal }))['data']) ?? {};
  };
  const key = await ask('/key');
  const limit = numberOf(key['limit']);
  const remaining = numberOf(key['limit_remaining']) ?? (await restOfAccount(ask));
  const balance: OpenRouterBalance = {
    ...(remaining !== undefined && { remaining }),
    ...(limit !== undefined && { limit }),
    usage: numberOf(key['usage']) ?? 0,
    isFreeTier: key['is_free_tier'] === true,
    isLow: remaining !== undefined && remaining < alertBelow,
  };
  if (balance.isLow) await onLow?.(balance);
  return balance;
}

const REFUSED: ReadonlySet<number | undefined> = new Set([401, 403]);

type Ask = (path: string) => Promise<JsonObject>;

/** Keys that may not see what the account has are told nothing. */
async function restOfAccount(ask: Ask): Promise<number | undefined> {
  try {
    const { total_credits: bought, total_usage: used } = await ask('/credits');
    const [all, spent] = [numberOf(bought), numberOf(used)];
    return all === undefined || spent === undefined ? undefined : all - spent;
  } catch (error) {
    if (error instanceof ProviderError && REFUSED.has(error.statusCode)) return undefined;
    throw error;
  }
}

/** The models of a list that cost nothing: OpenRouter marks them by `:free`, others by a price of nothing. */
export const freeModels = (models: readonly Model[]): readonly Model[] =>
  models.filter(
    ({ id, pricing }) => id.endsWith(':free') || (pricing?.inputTokenPrice === 0 && pricing.outputTokenPrice === 0),
  );
