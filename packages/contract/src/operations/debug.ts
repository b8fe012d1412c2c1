import { operation } from '../operation.ts';
import {
  ClearedCache,
  DebugConfig,
  DebugPrompt,
  DebugTrace,
  OfCache,
  OfEndpoint,
  TraceParams,
} from '../resources/debug.ts';

const FACE = 'generation';

/** Operations that look into a running gateway, by id. */
export const DEBUG_OPERATIONS = {
  'debug.config': operation({
    id: 'debug.config',
    face: FACE,
    method: 'GET',
    path: '/v1/debug/config',
    permission: 'debug:view',
    summary: 'The settings in effect, without secrets.',
    output: DebugConfig,
  }),
  'debug.lastPrompt': operation({
    id: 'debug.lastPrompt',
    face: FACE,
    method: 'GET',
    path: '/v1/debug/last-prompt',
    permission: 'payloads:read',
    summary: 'What a model was asked last on behalf of a feature.',
    query: OfEndpoint,
    output: DebugPrompt,
    failures: ['NOT_FOUND', 'VALIDATION_ERROR'],
  }),
  'debug.clearCache': operation({
    id: 'debug.clearCache',
    face: FACE,
    method: 'POST',
    path: '/v1/debug/clear-cache',
    permission: 'system:config',
    summary: 'Forget what a feature made, or models answered, in every process.',
    query: OfCache,
    output: ClearedCache,
    failures: ['VALIDATION_ERROR'],
  }),
  'debug.supportBundle': operation({
    id: 'debug.supportBundle',
    face: FACE,
    method: 'POST',
    path: '/v1/debug/support-bundle',
    permission: 'system:config',
    summary: 'A ZIP archive of all that helps to find out what is wrong, without secrets and payloads.',
    status: 200,
    contentType: 'application/zip',
    reads: true,
  }),
  'debug.trace': operation({
    id: 'debug.trace',
    face: FACE,
    method: 'GET',
    path: '/v1/debug/traces/{id}',
    permission: 'models:call',
    summary: 'The decisions on the way of a request that was sent with `X-Trace-Enabled: true`, for whoever sent it.',
    params: TraceParams,
    output: DebugTrace,
    failures: ['NOT_FOUND'],
  }),
} as const;
