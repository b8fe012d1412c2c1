import type { MetricsCollector } from '../observe/metrics-collector.ts';
import { PROVIDERS, providerById } from '../providers/registry.ts';
import { configMistakes, invalidConfig, missingCredential } from './check-config.ts';
import { ClientProvider } from './client-provider.ts';
import { processEnvironment, type Environment } from './config/environment.ts';
import { readProviderBlock } from './config/read-provider-block.ts';
import type { ProviderParts } from './connect.ts';
import { withMetrics } from './metrics.ts';
import { newCoreApi, newCoreExtensionRegistry, type CoreApi, type CoreExtensionRegistry } from './core-extension.ts';
import type { ProviderConfig } from './provider-config.ts';
import type { ChatProvider, CoreProvider, ModelProvider, Provider } from './provider.ts';
import type { ProviderType } from './provider-types.ts';
import { VIRTUAL_TYPES, virtualProvider } from './virtual/from-config.ts';

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
  /** As `createProvider`, for programs that ask for models alone. */
  createModelProvider(type: ProviderType, config?: TypedConfig): CoreProvider & ModelProvider;
  /** As `createProvider`, for programs that ask for answers alone. */
  createChatProvider(type: ProviderType, config?: TypedConfig): CoreProvider & ChatProvider;
  /** A provider behind standard requests, with the extension of its type where there is one. */
  createCoreProvider(type: ProviderType, config?: TypedConfig): CoreApi;
  /** Whether `createCoreProvider` can make this type. */
  supportsCoreApi(type: ProviderType): boolean;
  /** Extensions by type, of this factory alone. */
  readonly coreExtensions: CoreExtensionRegistry;
  /** Has every provider that is made from now on tell this collector of its calls; `undefined` ends that. */
  setMetricsCollector(collector: MetricsCollector | undefined): void;
  getMetricsCollector(): MetricsCollector | undefined;
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
  const coreExtensions = newCoreExtensionRegistry();
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
    createModelProvider: createProvider,
    createChatProvider: createProvider,
    createCoreProvider: (type, config) => newCoreApi(createProvider(type, config), coreExtensions.get(type)),
    supportsCoreApi: (type) => constructors.has(type),
    coreExtensions,
    setMetricsCollector(next) {
      collector = next;
    },
    getMetricsCollector: () => collector,
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

/** Teaches a factory every provider that the library knows, and those that answer through others. */
export function registerDefaultProviders(factory: ProviderFactory): void {
  for (const type of Object.keys(PROVIDERS))
    factory.registerProvider(type, (config) => new ClientProvider(config, factory.parts));
  const create = (block: Readonly<Record<string, unknown>>): Provider => factory.createProviderFromConfig(block);
  for (const type of VIRTUAL_TYPES)
    factory.registerProvider(type, (config) => {
      const { clock, random } = factory.parts;
      const collector = factory.getMetricsCollector();
      const parts = { create, ...(clock && { clock }), ...(random && { random }), ...(collector && { collector }) };
      return virtualProvider(type, config, parts);
    });
}
