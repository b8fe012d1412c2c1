import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import {
  KitAnswer,
  kitEnvelope,
  KitHealth,
  KitModels,
  KitProvider,
  KitProviderChange,
  KitProviders,
  KitQuestion,
  KitStatus,
  KitTest,
} from '../resources/kit.ts';
import { KIT_METRICS_OPERATIONS } from './kit-metrics.ts';
import { KIT_OAUTH_OPERATIONS } from './kit-oauth.ts';

const FACE = 'kit';
const PATH = '/api/providers';
const Named = z.object({ name: z.string() });

const change = {
  face: FACE,
  path: `${PATH}/{name}`,
  permission: 'providers:write',
  summary: 'Change a provider: what is not said stays.',
  params: Named,
  body: KitProviderChange,
  output: kitEnvelope(KitProvider),
  failures: ['PROVIDER_NOT_FOUND', 'CONFIG_ERROR', 'CONFLICT'],
} as const;

/** Operations of the interface that backends of the library have, too, by id. */
export const KIT_OPERATIONS = {
  ...KIT_OAUTH_OPERATIONS,
  ...KIT_METRICS_OPERATIONS,
  'kit.status': operation({
    id: 'kit.status',
    face: FACE,
    method: 'GET',
    path: '/status',
    permission: 'signed-in',
    summary: 'How the gateway is, with its providers.',
    output: kitEnvelope(KitStatus),
  }),
  'kit.providers': operation({
    id: 'kit.providers',
    face: FACE,
    method: 'GET',
    path: PATH,
    permission: 'signed-in',
    summary: 'Providers that can be called.',
    output: kitEnvelope(KitProviders),
  }),
  'kit.provider': operation({
    id: 'kit.provider',
    face: FACE,
    method: 'GET',
    path: `${PATH}/{name}`,
    permission: 'signed-in',
    summary: 'One provider, by its name.',
    params: Named,
    output: kitEnvelope(KitProvider),
    failures: ['PROVIDER_NOT_FOUND'],
  }),
  'kit.changeProvider': operation({ ...change, id: 'kit.changeProvider', method: 'PUT' }),
  'kit.setProvider': operation({ ...change, id: 'kit.setProvider', method: 'POST' }),
  'kit.health': operation({
    id: 'kit.health',
    face: FACE,
    method: 'GET',
    path: `${PATH}/{name}/health`,
    permission: 'models:call',
    summary: 'Look at a provider now. That it does not answer is an answer.',
    params: Named,
    output: kitEnvelope(KitHealth),
    failures: ['PROVIDER_NOT_FOUND'],
  }),
  'kit.models': operation({
    id: 'kit.models',
    face: FACE,
    method: 'GET',
    path: `${PATH}/{name}/models`,
    permission: 'signed-in',
    summary: 'The models of a provider, as it lists them or as the catalogue does.',
    params: Named,
    output: kitEnvelope(KitModels),
    failures: ['PROVIDER_NOT_FOUND'],
  }),
  'kit.test': operation({
    id: 'kit.test',
    face: FACE,
    method: 'POST',
    path: `${PATH}/{name}/test`,
    permission: 'models:call',
    summary: 'Ask a provider a question and wait for the answer, half a minute at most.',
    params: Named,
    body: KitQuestion,
    bodyOptional: true,
    output: kitEnvelope(KitTest),
    failures: ['INVALID_REQUEST', 'MISSING_PARAMETER', 'PROVIDER_NOT_FOUND', 'TEST_FAILED'],
    reads: true,
  }),
  'kit.generate': operation({
    id: 'kit.generate',
    face: FACE,
    method: 'POST',
    path: '/api/generate',
    permission: 'models:call',
    summary: 'Ask a model; with `stream` the answer comes as events: `data: {chunk}`, at the end `data: [DONE]`.',
    body: KitQuestion,
    output: kitEnvelope(KitAnswer),
    failures: ['INVALID_REQUEST', 'MISSING_PARAMETER', 'PROVIDER_NOT_FOUND', 'GENERATION_ERROR'],
    reads: true,
  }),
} as const;
