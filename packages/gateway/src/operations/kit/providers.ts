import { presentHealth, presentModel, type ShownProvider } from '@patchbay/llm/backend/present';
import { defaultModelOf } from '@patchbay/llm/kit/default-models';

import { done, refused, type Handlers } from '../handler.ts';
import { unknownProvider } from './failures.ts';
import { kitEnveloped, type KitParts, type KnownModel } from './parts.ts';

type Handled = Handlers<'kit.status' | 'kit.providers' | 'kit.provider' | 'kit.models' | 'kit.health'>;

const NOTHING_ASKED = { params: undefined, query: undefined, body: undefined };

/** What can be called, and how it is. */
export function providerViews(parts: KitParts): Handled {
  const { clock, registry, version } = parts;
  const startedMs = clock.monotonicMs();
  return {
    'kit.status': async (_, circumstances) => {
      const uptime = Math.floor((clock.monotonicMs() - startedMs) / 1000);
      const providers = await shownProviders(parts, circumstances);
      return done(kitEnveloped(parts, circumstances, { status: 'ok' as const, version, uptime, providers }));
    },
    'kit.providers': async (_, circumstances) => {
      const providers = await shownProviders(parts, circumstances);
      return done(kitEnveloped(parts, circumstances, { providers, count: providers.length }));
    },
    'kit.provider': async ({ params: { name } }, circumstances) => {
      const all = await shownProviders(parts, circumstances);
      const found = all.find((each) => each.name === name);
      if (found !== undefined) return done(kitEnveloped(parts, circumstances, found));
      return refused(
        unknownProvider(
          name,
          all.map((each) => each.name),
        ),
      );
    },
    'kit.models': async ({ params: { name } }, circumstances) => {
      const { runtimes } = registry.current();
      if (!runtimes.has(name)) return refused(unknownProvider(name, runtimes.keys()));
      const models = (await parts.models()).filter(({ providerId }) => providerId === name).map(shownModel);
      return done(kitEnveloped(parts, circumstances, { models, count: models.length }));
    },
    'kit.health': async ({ params: { name } }, circumstances) => {
      const { runtimes } = registry.current();
      if (!runtimes.has(name)) return refused(unknownProvider(name, runtimes.keys()));
      const asked = { ...NOTHING_ASKED, params: { providerId: name } };
      const looked = await parts.health['health.check'](asked, circumstances);
      const lastChecked = clock.nowMs();
      if (!looked.ok) {
        const message = 'This provider is not watched: calls alone tell how it is.';
        const unseen = presentHealth(name, { healthy: true, message, lastChecked, responseTime: 0 });
        return done(kitEnveloped(parts, circumstances, unseen));
      }
      const { status, error, responseTime = 0 } = looked.value;
      const seen = { healthy: status !== 'down', message: error ?? 'The provider answers.', lastChecked, responseTime };
      return done(kitEnveloped(parts, circumstances, presentHealth(name, seen)));
    },
  };
}

/** By the name that questions to the provider have for it. */
function shownModel({ id, name, providerId: provider, contextTokens, maxOutputTokens, capabilities }: KnownModel) {
  return presentModel({
    id: id.slice(provider.length + 1),
    name,
    provider,
    ...(contextTokens !== undefined && { maxTokens: contextTokens }),
    ...(maxOutputTokens !== undefined && { outputTokens: maxOutputTokens }),
    ...(capabilities.tools !== undefined && { supportsToolCalling: capabilities.tools }),
  });
}

/** The model of calls that name none: the one that an administrator listed as such, else the provider's own. */
export function usualModelOf({ registry }: Pick<KitParts, 'registry'>, provider: string): string {
  const { models, runtimes } = registry.current();
  const listed = [...(models.get(provider)?.values() ?? [])].find((each) => each.isDefault && each.status === 'active');
  return listed?.identifier ?? defaultModelOf(runtimes.get(provider)?.record.id ?? provider);
}

/** Every provider that can be called, as lists show it. */
export async function shownProviders(
  parts: KitParts,
  circumstances: Parameters<KitParts['health']['health.list']>[1],
): Promise<ShownProvider[]> {
  const looked = await parts.health['health.list'](NOTHING_ASKED, circumstances);
  const down = new Set(
    looked.ok ? looked.value.providers.filter(({ status }) => status === 'down').map((each) => each.identifier) : [],
  );
  return [...parts.registry.current().runtimes].map(([name, { record, pool }]) => ({
    name,
    type: record.id,
    description: record.name,
    enabled: true,
    authenticated: pool.seats.length > 0,
    healthy: !down.has(name),
    default_model: usualModelOf(parts, name),
    supports_streaming: record.speaks.length > 0,
    supports_tool_calling: record.speaks.length > 0,
  }));
}
