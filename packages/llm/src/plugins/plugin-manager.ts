import { named } from './plugin-error.ts';

/** An answer that a plugin gives itself, so that no provider is asked. */
export interface PluginAnswer<Chunk> {
  readonly answer: readonly Chunk[];
}

/** What a plugin may take part in; everything but the name is optional. `Options` ask for an answer, `Chunk`s are one. */
export interface Plugin<Options, Chunk> {
  readonly name: string;
  /** Once, before anything else. */
  init?(config: Readonly<Record<string, unknown>>): void | Promise<void>;
  /** Before each request: the options to go on with, an answer instead of them, or nothing to leave all as it is. */
  preRequest?(options: Options): Options | PluginAnswer<Chunk> | void | Promise<Options | PluginAnswer<Chunk> | void>;
  /** For each piece of an answer: the piece to go on with, or nothing to leave it as it is. */
  postResponse?(chunk: Chunk, options: Options): Chunk | void | Promise<Chunk | void>;
  /** Once, at the end. */
  close?(): void | Promise<void>;
}

/** What comes of asking all plugins: the options to go on with, or an answer. */
export type PreRequest<Options, Chunk> = { readonly options: Options } & Partial<PluginAnswer<Chunk>>;

/** Plugins in the order in which they were registered. What one throws becomes a `PluginError` with its name. */
export class PluginManager<Options extends object, Chunk extends object> {
  readonly #plugins: Plugin<Options, Chunk>[] = [];

  get names(): readonly string[] {
    return this.#plugins.map(({ name }) => name);
  }

  /** Registers a plugin and starts it. One that cannot start, or whose name is taken, is not registered. */
  async register(plugin: Plugin<Options, Chunk>, config: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { name } = plugin;
    const refuse = (why: string) => named(name, 'register', () => Promise.reject(new Error(why)));
    if (typeof name !== 'string' || name === '') await refuse('A plugin needs a name.');
    if (this.names.includes(name)) await refuse('Another one of this name is registered already.');
    this.#plugins.push(plugin);
    try {
      await named(name, 'init', () => plugin.init?.(config));
    } catch (error) {
      this.#plugins.splice(this.#plugins.indexOf(plugin), 1);
      throw error;
    }
  }

  /** Asks all plugins in order, each with what the one before it left; the first answer ends that. */
  async executePreRequest(options: Options): Promise<PreRequest<Options, Chunk>> {
    let current = options;
    for (const plugin of this.#plugins) {
      const left = await named(plugin.name, 'preRequest', () => plugin.preRequest?.(current));
      if (left === undefined) continue;
      if (isAnswer<Chunk>(left)) return { options: current, answer: left.answer };
      current = left as Options;
    }
    return { options: current };
  }

  /** Shows a piece of an answer to all plugins in order, each what the one before it left. */
  async executePostResponse(chunk: Chunk, options: Options): Promise<Chunk> {
    let current = chunk;
    for (const plugin of this.#plugins) {
      const left = await named(plugin.name, 'postResponse', () => plugin.postResponse?.(current, options));
      if (left !== undefined) current = left;
    }
    return current;
  }

  /** Ends all plugins, the last first, and forgets them. All are ended, whatever one throws; the first error is thrown then. */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const plugin of this.#plugins.splice(0).toReversed()) {
      await named(plugin.name, 'close', () => plugin.close?.()).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }
}

const isAnswer = <Chunk>(left: object): left is PluginAnswer<Chunk> => 'answer' in left && Array.isArray(left.answer);
