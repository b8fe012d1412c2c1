import type { StreamEvent } from '../model/event.ts';
import { collect, replay } from '../model/fold.ts';
import type { GenerationRequest } from '../model/request.ts';
import type { Middleware } from './middleware.ts';
import type { PluginManager } from './plugin-manager.ts';

/**
 * The plugins of a manager around a client's calls. They see each event of a stream; a whole answer is shown to them as
 * the events it consists of.
 */
export const pluginMiddleware = (manager: PluginManager<GenerationRequest, StreamEvent>): Middleware => ({
  name: 'plugins',
  async generate(call, next) {
    const { options, answer } = await manager.executePreRequest(call.request);
    if (answer !== undefined) return collect(await shown(manager, answer, options));
    const result = await next({ ...call, request: options });
    return result.ok ? collect(await shown(manager, replay(result.value), options)) : result;
  },
  async *stream(call, next) {
    const { options, answer } = await manager.executePreRequest(call.request);
    for await (const event of answer ?? next({ ...call, request: options }))
      yield await manager.executePostResponse(event, options);
  },
});

async function shown(
  manager: PluginManager<GenerationRequest, StreamEvent>,
  events: Iterable<StreamEvent>,
  request: GenerationRequest,
): Promise<readonly StreamEvent[]> {
  const left: StreamEvent[] = [];
  for (const event of events) left.push(await manager.executePostResponse(event, request));
  return left;
}
