/** Something that a program added has failed; the message names it. `cause` is what it threw. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
  /** The name of what failed. */
  readonly plugin: string;
  /** What it was asked to do, e.g. `preRequest`. */
  readonly step: string;
  constructor(plugin: string, step: string, cause: unknown) {
    super(`The plugin "${plugin}" failed in ${step}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.plugin = plugin;
    this.step = step;
  }
}

/** Does `work`; what it throws becomes a `PluginError`. One that comes from further in keeps its name. */
export async function named<T>(plugin: string, step: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PluginError ? error : new PluginError(plugin, step, error);
  }
}
