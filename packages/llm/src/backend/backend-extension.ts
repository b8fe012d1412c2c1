import type { Extension } from '../plugins/extensions.ts';
import type { Interceptor } from '../plugins/interceptors.ts';
import type { GeneratedAnswer } from './present.ts';
import type { Handle } from './path-table.ts';
import type { GenerateRequest } from './read-generate.ts';

/** Where an extension puts its own addresses. */
export interface BackendRouter {
  /** `path` begins with `/` and may hold `{name}`. Throws when the address is taken. */
  route(method: string, path: string, handle: Handle): void;
}

/**
 * Something that takes part in a backend. Everything is asked once for each request, streamed or not. Of a stream
 * `afterGenerate` sees the whole answer before its last event; what it returns counts for whole answers alone, because a
 * streamed one has been sent by then.
 */
export interface BackendExtension extends Extension<GenerateRequest, GeneratedAnswer> {
  /** Called once, when the backend starts, in the order of extensions. */
  registerRoutes?(router: BackendRouter): void;
  /** Stands around generations that are not streamed: a cache answers without calling `next`. The first is outermost. */
  readonly intercept?: Interceptor<GenerateRequest, GeneratedAnswer>;
}
