import { operation } from '../operation.ts';
import { KitMetrics, KitProviderMetrics, KitRacing, KitSystem } from '../resources/kit-metrics.ts';
import { kitEnvelope } from '../resources/kit.ts';

const FACE = 'kit';
const PATH = '/api/metrics';

/** Operations that tell what was counted, as backends of the library have them, by id. */
export const KIT_METRICS_OPERATIONS = {
  'kit.metrics': operation({
    id: 'kit.metrics',
    face: FACE,
    method: 'GET',
    path: PATH,
    permission: 'usage:read',
    summary: 'Calls, errors, tokens and money of the last 24 hours, whole and by provider and model.',
    output: kitEnvelope(KitMetrics),
  }),
  'kit.metricsOfProviders': operation({
    id: 'kit.metricsOfProviders',
    face: FACE,
    method: 'GET',
    path: `${PATH}/providers`,
    permission: 'usage:read',
    summary: 'The same of each provider; null where nobody called it.',
    output: kitEnvelope(KitProviderMetrics),
  }),
  'kit.metricsOfSystem': operation({
    id: 'kit.metricsOfSystem',
    face: FACE,
    method: 'GET',
    path: `${PATH}/system`,
    permission: 'system:view',
    summary: 'How long this process runs, what it holds of memory, and what was called.',
    output: kitEnvelope(KitSystem),
  }),
  'kit.metricsOfRacing': operation({
    id: 'kit.metricsOfRacing',
    face: FACE,
    method: 'GET',
    path: `${PATH}/racing`,
    permission: 'usage:read',
    summary: 'How often calls went on to another account or provider, and how many accounts rest now.',
    output: kitEnvelope(KitRacing),
  }),
} as const;
