import type { ProviderHealth } from '@patchbay/contract/resources/health';

/** How many providers are in which state. */
export function statisticsOf(all: readonly ProviderHealth[]) {
  const count = (status: ProviderHealth['status']): number => all.filter((each) => each.status === status).length;
  const times = all.flatMap(({ responseTime }) => responseTime ?? []);
  return {
    total: all.length,
    healthy: count('healthy'),
    degraded: count('degraded'),
    down: count('down'),
    unknown: count('unknown'),
    averageResponseTime: times.length === 0 ? 0 : Math.round(times.reduce((sum, each) => sum + each, 0) / times.length),
  };
}
