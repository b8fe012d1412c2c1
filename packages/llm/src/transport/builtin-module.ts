interface Host {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

/**
 * A module that the platform brings along, such as `node:fs/promises`, or `undefined` where there is none, as in browsers
 * and workers. Asked for when it is first needed, so that files that may need it load everywhere. `T` is what the caller
 * uses of it, and is not checked.
 */
export const builtinModule = <T>(name: `node:${string}`, host: Host = globalThis as Host): T | undefined =>
  host.process?.getBuiltinModule?.(name) as T | undefined;
