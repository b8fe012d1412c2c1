import { ExtensionRegistry, type ExtensionConfig } from '../plugins/extensions.ts';
import { InterceptorChain } from '../plugins/interceptors.ts';
import { named, PluginError } from '../plugins/plugin-error.ts';
import type { BackendExtension } from './backend-extension.ts';
import type { Route } from './path-table.ts';
import type { GeneratedAnswer } from './present.ts';
import type { GenerateRequest } from './read-generate.ts';

/** The extensions of a backend while it runs. */
export interface ExtensionHost {
  readonly registry: ExtensionRegistry<GenerateRequest, GeneratedAnswer>;
  readonly around: InterceptorChain<GenerateRequest, GeneratedAnswer>;
  readonly routes: readonly Route[];
}

/** Starts extensions and asks them for their routes. Throws `PluginError`, which names the one that failed. */
export async function startExtensions(
  extensions: readonly BackendExtension[],
  configs: Readonly<Record<string, ExtensionConfig>>,
  taken: readonly Route[],
): Promise<ExtensionHost> {
  const registry = new ExtensionRegistry<GenerateRequest, GeneratedAnswer>();
  for (const each of extensions) registry.register(each);
  const strange = Object.keys(configs).find((name) => !extensions.some((each) => each.name === name));
  if (strange !== undefined)
    throw new PluginError(strange, 'config', 'there is no extension of this name. Give it in `extensions`.');
  await registry.initialize(configs);
  const around = new InterceptorChain<GenerateRequest, GeneratedAnswer>();
  const routes: Route[] = [];
  for (const name of registry.names) {
    const extension = extensions.find((each) => each.name === name);
    const { intercept } = extension ?? {};
    if (intercept !== undefined)
      around.add((request, next) => named(name, 'intercept', () => intercept(request, next)));
    await named(name, 'registerRoutes', () =>
      extension?.registerRoutes?.({
        route(method, path, handle) {
          if ([...taken, ...routes].some((each) => each.method === method && each.path === path))
            throw new TypeError(`${method} ${path} is taken.`);
          routes.push({ method, path, handle: (call) => named(name, path, () => handle(call)) });
        },
      }),
    );
  }
  return { registry, around, routes };
}
