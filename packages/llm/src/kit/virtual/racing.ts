import { race, type Arrival, type RaceEnd } from '../../routing/race.ts';
import { raceScore, withRace, type RaceHistory } from '../../routing/race-history.ts';
import type { ChatCompletionStream } from '../chat-stream.ts';
import { invalidConfig } from '../check-config.ts';
import type { ChatCallOptions, GenerateOptions } from '../generate-options.ts';
import { providerErrorOf, type ProviderError } from '../provider-error.ts';
import type { Model, Provider } from '../provider.ts';
import type { RaceHistoryStore } from './race-history-store.ts';
import {
  openPrimed,
  readVirtualInput,
  VirtualProvider,
  type VirtualConfig,
  type VirtualInput,
} from './virtual-provider.ts';

/** Who wins: the first answer, or the best of those that came within the grace period. `quality` is `first_wins`. */
export type RacingStrategy = 'first_wins' | 'weighted' | 'quality';

/** One who takes part for a virtual model. */
export interface VirtualModelProvider {
  /** Name of a provider that was given. */
  readonly name: string;
  /** Default: the provider's default model. */
  readonly model?: string;
  /** Lower starts earlier and wins where answers are equally good. Default 0. */
  readonly priority?: number;
  /** What is asked of this one otherwise than of the others, e.g. `maxTokens`. */
  readonly config?: Partial<GenerateOptions>;
}

/** A model that stands for several: each takes part with a provider and a model of its own. */
export interface VirtualModel {
  readonly displayName?: string;
  readonly description?: string;
  /** Those who take part. Default: all providers with their default models. */
  readonly providers?: readonly VirtualModelProvider[];
  readonly strategy?: RacingStrategy;
  readonly timeoutMs?: number;
}

/** Settings of a race. */
export interface RacingConfig extends VirtualConfig {
  /** Default `first_wins`. */
  readonly strategy?: RacingStrategy;
  /** How long the first output may take, in milliseconds. Default 5 000; 0 sets no bound. */
  readonly timeoutMs?: number;
  /** How long `weighted` waits for better answers after the first, in milliseconds. Default 1 000. */
  readonly gracePeriodMs?: number;
  readonly virtualModels?: Readonly<Record<string, VirtualModel>>;
  /** The virtual model of calls that name none. Default `default`, where there is one. */
  readonly defaultVirtualModel?: string;
  /** Where wins are remembered beyond this process, see `newRaceHistoryFile`. Default: nowhere. */
  readonly history?: RaceHistoryStore;
}

interface Runner {
  readonly provider: Provider;
  readonly options: GenerateOptions;
}

const STRATEGIES: readonly RacingStrategy[] = ['first_wins', 'weighted', 'quality'];

class RacingProvider extends VirtualProvider {
  readonly #config: RacingConfig;
  #history: RaceHistory = {};
  #loading: Promise<void> | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(config: RacingConfig) {
    super('racing', config);
    this.#config = config;
    const chosen = [config.strategy, ...Object.values(config.virtualModels ?? {}).map(({ strategy }) => strategy)];
    for (const strategy of chosen)
      if (strategy !== undefined && !STRATEGIES.includes(strategy))
        throw invalidConfig(this.name(), [`strategy must be one of: ${STRATEGIES.join(', ')}.`]);
  }

  /** The virtual models first, then those of all providers. */
  override async getModels(call?: ChatCallOptions): Promise<readonly Model[]> {
    const own = Object.entries(this.#config.virtualModels ?? {}).map(([id, { displayName = id, description }]) => ({
      id,
      name: displayName,
      provider: this.name(),
      ...(description !== undefined && { description }),
    }));
    return [...own, ...(await super.getModels(call))];
  }

  override getDefaultModel(): string {
    const { virtualModels = {}, defaultVirtualModel = 'default' } = this.#config;
    return Object.hasOwn(virtualModels, defaultVirtualModel) ? defaultVirtualModel : super.getDefaultModel();
  }

  /** Resolves when what races have taught so far is kept. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  async generateChatCompletion(options: GenerateOptions, call: ChatCallOptions = {}): Promise<ChatCompletionStream> {
    return this.counted(async () => {
      await (this.#loading ??= this.#load());
      const { name, model } = this.#virtualModel(options);
      const runners = this.#runners(options, model);
      const end = await this.#race(runners, { model, call });
      if (end.kind !== 'won') throw this.#defeat(end, call);
      const { winner } = end;
      this.#learn(runners, winner);
      this.tell({ type: 'race_complete', provider: winner.name, latencyMs: winner.latencyMs });
      const about = {
        ...(name !== undefined && { virtual_model: name }),
        ...(model?.description !== undefined && { virtual_model_desc: model.description }),
      };
      const won = { racing_winner: winner.name, racing_latency_ms: Math.round(winner.latencyMs) };
      return { stream: winner.value, metadata: { ...won, ...about } };
    });
  }

  #virtualModel({ model }: GenerateOptions): { readonly name?: string; readonly model?: VirtualModel } {
    const { virtualModels = {}, defaultVirtualModel = 'default' } = this.#config;
    const name = model ?? defaultVirtualModel;
    const found = Object.hasOwn(virtualModels, name) ? virtualModels[name] : undefined;
    return found === undefined ? {} : { name, model: found };
  }

  #runners(options: GenerateOptions, virtual: VirtualModel | undefined): readonly Runner[] {
    const providers = this.needProviders();
    if (virtual === undefined) return providers.map((provider) => ({ provider, options }));
    const { model: _, ...asked } = options;
    const entries: readonly VirtualModelProvider[] =
      virtual.providers ?? providers.map((each) => ({ name: each.name() }));
    const sorted = entries.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
    return sorted.map(({ name, model, config }) => {
      const provider = providers.find((each) => each.name() === name);
      if (provider === undefined) throw this.#unknown(name, providers);
      return { provider, options: { ...asked, ...config, ...(model !== undefined && { model }) } };
    });
  }

  #unknown(name: string, providers: readonly Provider[]): ProviderError {
    const names = providers.map((each) => each.name()).join(', ');
    return invalidConfig(this.name(), [`The virtual model names the provider "${name}". Use one of: ${names}.`]);
  }

  #race(
    runners: readonly Runner[],
    { model, call }: { readonly model: VirtualModel | undefined; readonly call: ChatCallOptions },
  ): Promise<RaceEnd<ChatCompletionStream>> {
    const { timeoutMs = 5_000, gracePeriodMs = 1_000, strategy = 'first_wins' } = this.#config;
    const isWeighted = (model?.strategy ?? strategy) === 'weighted';
    return race({
      racers: runners.map(({ provider, options }) => ({
        name: provider.name(),
        run: (signal) => openPrimed(() => provider.generateChatCompletion(options, { ...call, signal })),
      })),
      clock: this.clock,
      ...(call.signal && { signal: call.signal }),
      timeoutMs: model?.timeoutMs ?? timeoutMs,
      graceMs: isWeighted ? gracePeriodMs : 0,
      choose: (arrivals) => (isWeighted ? this.#best(arrivals) : arrivals[0]),
      discard: (stream) => void stream.close(),
    });
  }

  #best(
    arrivals: readonly [Arrival<ChatCompletionStream>, ...Arrival<ChatCompletionStream>[]],
  ): Arrival<ChatCompletionStream> {
    const score = ({ name, latencyMs }: Arrival<ChatCompletionStream>): number =>
      raceScore(this.#history[name], latencyMs);
    return arrivals.reduce((best, each) => (score(each) > score(best) ? each : best));
  }

  #defeat(end: Exclude<RaceEnd<ChatCompletionStream>, { kind: 'won' }>, { signal }: ChatCallOptions): ProviderError {
    if (end.kind === 'lost') return this.allFailed(end.errors);
    const place = { provider: this.name(), operation: 'generateChatCompletion', ...(signal && { signal }) };
    const message = 'No provider answered in time.';
    return end.kind === 'timeout'
      ? providerErrorOf({ kind: 'timeout', phase: 'first-token', message }, place)
      : providerErrorOf({ kind: 'cancelled', message: 'The call was cancelled.' }, place);
  }

  async #load(): Promise<void> {
    this.#history = { ...(await this.#config.history?.load()), ...this.#history };
  }

  /** What is kept is the newest whenever a saving begins; savings never overtake each other. */
  #learn(runners: readonly Runner[], winner: Arrival<ChatCompletionStream>): void {
    const names = runners.map(({ provider }) => provider.name());
    this.#history = withRace(this.#history, names, winner.name);
    const { history } = this.#config;
    if (history === undefined) return;
    // A history that cannot be kept must not fail the answer: the next race tries again.
    this.#saving = this.#saving.then(() => history.save(this.#history)).catch(() => undefined);
  }
}

/**
 * A provider that asks several at once and goes on with one: the race is decided at the first output, and the others are
 * cancelled then. Takes the providers, or settings, with or without a name before them.
 */
export const newRacingProvider = (
  first: string | VirtualInput<RacingConfig>,
  second?: VirtualInput<RacingConfig>,
): VirtualProvider & { saved(): Promise<void> } => new RacingProvider(readVirtualInput(first, second));
