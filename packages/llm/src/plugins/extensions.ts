import { named, PluginError } from './plugin-error.ts';

/** Where an extension stands when nothing else decides: lower comes first. */
export const EXTENSION_PRIORITY = { security: 100, cache: 200, transform: 500, logging: 900 } as const;

/** Something that takes part in every generation of a server; everything but the name is optional. */
export interface Extension<Request, Response> {
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  /** Names of extensions that come before this one, whatever the priorities say. */
  readonly dependencies?: readonly string[];
  /** Lower comes first. Default 500. */
  readonly priority?: number;
  initialize?(config: Readonly<Record<string, unknown>>): void | Promise<void>;
  shutdown?(): void | Promise<void>;
  /** The request to go on with, or nothing to leave it as it is. */
  beforeGenerate?(request: Request): Request | void | Promise<Request | void>;
  /** The answer to go on with, or nothing to leave it as it is. */
  afterGenerate?(request: Request, response: Response): Response | void | Promise<Response | void>;
  onProviderError?(provider: string, error: unknown): void | Promise<void>;
  onProviderSelected?(provider: string, request: Request): void | Promise<void>;
}

/** How one extension is set up. */
export interface ExtensionConfig {
  /** Default true. */
  readonly enabled?: boolean;
  readonly config?: Readonly<Record<string, unknown>>;
}

type Ordered = Pick<Extension<never, never>, 'name' | 'dependencies' | 'priority'>;

/**
 * Dependencies before those who need them, and otherwise by priority, then by name. Throws `PluginError` for a dependency
 * that is missing and for a circle, which it names: `a → b → a`.
 */
export function orderExtensions<Each extends Ordered>(extensions: readonly Each[]): readonly Each[] {
  const byName = new Map(extensions.map((each) => [each.name, each]));
  const waiting = extensions.toSorted(
    (one, other) => priorityOf(one) - priorityOf(other) || (one.name < other.name ? -1 : 1),
  );
  for (const { name, dependencies = [] } of waiting) {
    const missing = dependencies.find((each) => !byName.has(each));
    if (missing !== undefined)
      throw new PluginError(name, 'dependencies', `it needs "${missing}", which is not registered or not enabled.`);
  }
  const placed = new Set<string>();
  const order: Each[] = [];
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ dependencies = [] }) => dependencies.every((each) => placed.has(each)));
    const next = waiting[at] ?? waiting[0];
    if (next === undefined) break;
    if (at < 0) throw new PluginError(next.name, 'dependencies', `they go in a circle: ${circleAmong(waiting)}.`);
    waiting.splice(at, 1);
    placed.add(next.name);
    order.push(next);
  }
  return order;
}

const priorityOf = ({ priority }: Ordered): number => priority ?? EXTENSION_PRIORITY.transform;

/** A circle among extensions that all wait for another of them. */
function circleAmong(waiting: readonly Ordered[]): string {
  const byName = new Map(waiting.map((each) => [each.name, each]));
  const path: string[] = [];
  for (let name = waiting[0]?.name; name !== undefined;) {
    const before = path.indexOf(name);
    path.push(name);
    if (before >= 0) return path.slice(before).join(' → ');
    name = byName.get(name)?.dependencies?.find((each) => byName.has(each));
  }
  return path.join(' → ');
}

/** Extensions of a server, in their order. What one throws becomes a `PluginError` with its name. */
export class ExtensionRegistry<Request extends object, Response extends object> {
  readonly #registered = new Map<string, Extension<Request, Response>>();
  #running: readonly Extension<Request, Response>[] = [];

  /** Throws `PluginError` when the name is taken. */
  register(extension: Extension<Request, Response>): void {
    const { name } = extension;
    if (this.#registered.has(name))
      throw new PluginError(name, 'register', 'another one of this name is there already.');
    this.#registered.set(name, extension);
  }

  /** Those that run, in their order. */
  get names(): readonly string[] {
    return this.#running.map(({ name }) => name);
  }

  /** Starts all that are not switched off. When one cannot start, those before it are shut down again. */
  async initialize(configs: Readonly<Record<string, ExtensionConfig>> = {}): Promise<void> {
    const enabled = [...this.#registered.values()].filter(({ name }) => configs[name]?.enabled !== false);
    const started: Extension<Request, Response>[] = [];
    try {
      for (const extension of orderExtensions(enabled)) {
        await named(extension.name, 'initialize', () => extension.initialize?.(configs[extension.name]?.config ?? {}));
        started.push(extension);
      }
    } catch (error) {
      await shutDown(started);
      throw error;
    }
    this.#running = started;
  }

  /** Ends all, the last first, whatever one throws; the first error is thrown then. */
  async shutdown(): Promise<void> {
    const running = this.#running;
    this.#running = [];
    const [error] = await shutDown(running);
    if (error !== undefined) throw error;
  }

  async beforeGenerate(request: Request): Promise<Request> {
    let current = request;
    for (const each of this.#running)
      current = (await named(each.name, 'beforeGenerate', () => each.beforeGenerate?.(current))) ?? current;
    return current;
  }

  /** The last first: what was outermost for the request is outermost for the answer. */
  async afterGenerate(request: Request, response: Response): Promise<Response> {
    let current = response;
    for (const each of this.#running.toReversed())
      current = (await named(each.name, 'afterGenerate', () => each.afterGenerate?.(request, current))) ?? current;
    return current;
  }

  async providerFailed(provider: string, error: unknown): Promise<void> {
    for (const each of this.#running)
      await named(each.name, 'onProviderError', () => each.onProviderError?.(provider, error));
  }

  async providerSelected(provider: string, request: Request): Promise<void> {
    for (const each of this.#running)
      await named(each.name, 'onProviderSelected', () => each.onProviderSelected?.(provider, request));
  }
}

type Running = Pick<Extension<object, object>, 'name' | 'shutdown'>;

async function shutDown(running: readonly Running[]): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  for (const each of running.toReversed())
    await named(each.name, 'shutdown', () => each.shutdown?.()).catch((error: unknown) => errors.push(error));
  return errors;
}
