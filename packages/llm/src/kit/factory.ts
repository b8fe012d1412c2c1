import type { MetricsCollector } from '../observe/metrics-collector.ts';
import { PROVIDERS, providerById } from '../providers/registry.ts';
import { configMistakes, invalidConfig, missingCredential } from './check-config.ts';
import { ClientProvider } from './client-provider.ts';
import { processEnvironment, type Environment } from './config/environment.ts';
import { readProviderBlock } from './config/read-provider-block.ts';
import type { ProviderParts } from './connect.ts';
import { withMetrics } from './metrics.ts';
import type { ProviderConfig } from './provider-config.ts';
import type { Provider } from './provider.ts';
import type { ProviderType } from './provider-types.ts';

/** Makes a provider of a config; throws when that cannot work. */
export type ProviderConstructor = (config: ProviderConfig) => Provider;

/** What a factory is made with; everything is optional. */
export interface ProviderFactoryOptions extends ProviderParts {
  /** Where `apiKeyEnv` looks. Default: the process's variables. */
  readonly env?: Environment;
}

/** A config whose type is said beside it. */
export type TypedConfig = Omit<ProviderConfig, 'type'> & { readonly type?: ProviderType };

/** Makes providers by the names of their types. All errors are `ProviderError` of code `invalid_config`. */
export interface ProviderFactory {
  /** What default providers are made with. */
  readonly parts: ProviderParts;
  /** Teaches the factory a type, or another way to make one it knows. */
  registerProvider(type: ProviderType, construct: ProviderConstructor): void;
  /** Throws for a type it does not know and for settings that cannot work. A key may come with each call instead. */
  createProvider(type: ProviderType, config?: TypedConfig): Provider;
  /** Has every provider that is made from now on tell this collector of its calls; `undefined` ends that. */
  setMetricsCollector(collector: MetricsCollector | undefined): void;
  /** As `createProvider`, of settings as a file has them: names as in YAML, `timeout` in seconds. */
  createProviderFromConfig(settings: Readonly<Record<string, unknown>>): Provider;
  /** Throws when the config could never work: as `createProvider`, and when there is nothing to sign in with. */
  validateProviderConfig(config: ProviderConfig): void;
  /** Names of the types it knows, in alphabetical order. */
  getSupportedProviders(): readonly ProviderType[];
}

/** A factory that knows no type yet: see `registerDefaultProviders`. */
export function newProviderFactory(options: ProviderFactoryOptions = {}): ProviderFactory {
  const { env = processEnvironment(), ...parts } = options;
  const constructors = new Map<string, ProviderConstructor>();
  let collector: MetricsCollector | undefined;
  const supported = (): readonly string[] => [...constructors.keys()].sort();
  const constructorOf = (type: string): ProviderConstructor => {
    const construct = constructors.get(type);
    if (construct !== undefined) return construct;
    throw invalidConfig(type, [unknownType(type, supported())]);
  };
  const createProvider = (type: ProviderType, config: TypedConfig = {}): Provider => {
    const construct = constructorOf(type);
    const whole = withKeyOf({ ...config, type }, env);
    const mistakes = configMistakes(whole);
    if (mistakes.length > 0) throw invalidConfig(type, mistakes);
    return collector === undefined ? construct(whole) : withMetrics(construct(whole), collector);
  };
  return {
    parts,
    registerProvider: (type, construct) => void constructors.set(type, construct),
    createProvider,
    setMetricsCollector(next) {
      collector = next;
    },
    createProviderFromConfig(settings) {
      const config = readProviderBlock(settings, { path: 'config', env });
      if (!config.ok) throw invalidConfig('config', [config.failure.message]);
      return createProvider(config.value.type, config.value);
    },
    validateProviderConfig(config) {
      const whole = withKeyOf(config, env);
      const record = providerById(config.type);
      const missing = record && missingCredential(whole, record);
      const mistakes = [...configMistakes(whole), ...(missing === undefined ? [] : [missing])];
      if (mistakes.length > 0) throw invalidConfig(config.type ?? 'config', mistakes);
      constructorOf(config.type);
    },
    getSupportedProviders: supported,
  };
}

function unknownType(type: string, supported: readonly string[]): string {
  if (supported.length === 0) return `No type is registered. Call registerDefaultProviders(factory) first.`;
  return `No provider type is called "${type}". Use one of: ${supported.join(', ')}; or registerProvider.`;
}

/** The config with the key that its variable holds. */
function withKeyOf<Config extends ProviderConfig>(config: Config, env: Environment): Config {
  const { apiKey, apiKeyEnv } = config;
  const found = apiKey === undefined && apiKeyEnv !== undefined ? env[apiKeyEnv] : undefined;
  return found ? { ...config, apiKey: found } : config;
}

/** Teaches a factory every provider that the library knows. */
export function registerDefaultProviders(factory: ProviderFactory): void {
  for (const type of Object.keys(PROVIDERS))
    factory.registerProvider(type, (config) => new ClientProvider(config, factory.parts));
}
