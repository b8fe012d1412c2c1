import { operation } from '../operation.ts';
import { Message, sliceOf } from '../resources/account.ts';
import {
  ApiKey,
  CreateApiKey,
  CreatedApiKey,
  KeyUsage,
  ListApiKeys,
  RotateApiKey,
  UpdateApiKey,
} from '../resources/api-key.ts';
import { ById } from '../resources/page.ts';

const FACE = 'accounts';
const PATH = '/api/v1/api-keys';

/** Operations of keys and of one’s own account in the accounts interface, by id. */
export const API_KEY_OPERATIONS = {
  'keys.list': operation({
    id: 'keys.list',
    face: FACE,
    method: 'GET',
    path: PATH,
    permission: 'api-keys:own',
    summary: 'Keys: one’s own; administrators see all.',
    query: ListApiKeys,
    output: sliceOf(ApiKey),
  }),
  'keys.create': operation({
    id: 'keys.create',
    face: FACE,
    method: 'POST',
    path: PATH,
    aliases: ['/v1/api-keys'],
    permission: 'api-keys:own',
    summary: 'Make a key; its text is shown this once. A role other than one’s own is the administrator’s to give.',
    body: CreateApiKey,
    output: CreatedApiKey,
    status: 201,
    failures: ['INSUFFICIENT_PERMISSIONS', 'VALIDATION_ERROR'],
  }),
  'keys.get': operation({
    id: 'keys.get',
    face: FACE,
    method: 'GET',
    path: `${PATH}/{id}`,
    permission: 'api-keys:own',
    summary: 'One key, without its text.',
    params: ById,
    output: ApiKey,
    failures: ['NOT_FOUND'],
  }),
  'keys.update': operation({
    id: 'keys.update',
    face: FACE,
    method: 'PUT',
    path: `${PATH}/{id}`,
    permission: 'api-keys:own',
    summary: 'Change a key’s label, limits or end; limits are the administrator’s to change.',
    params: ById,
    body: UpdateApiKey,
    output: ApiKey,
    failures: ['NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR'],
  }),
  'keys.revoke': operation({
    id: 'keys.revoke',
    face: FACE,
    method: 'DELETE',
    path: `${PATH}/{id}`,
    permission: 'api-keys:own',
    summary: 'Revoke a key.',
    params: ById,
    output: Message,
    failures: ['NOT_FOUND'],
  }),
  'keys.rotate': operation({
    id: 'keys.rotate',
    face: FACE,
    method: 'POST',
    path: `${PATH}/{id}/rotate`,
    permission: 'api-keys:own',
    summary:
      'Rotate a key: it gets a new secret, shown this once, and the old one works on for a while, as the same key.',
    params: ById,
    body: RotateApiKey,
    bodyOptional: true,
    output: CreatedApiKey,
    failures: ['NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR'],
  }),
  'keys.usage': operation({
    id: 'keys.usage',
    face: FACE,
    method: 'GET',
    path: `${PATH}/{id}/usage`,
    permission: 'api-keys:own',
    summary: 'What a key has used of its limits and budget.',
    params: ById,
    output: KeyUsage,
    failures: ['NOT_FOUND'],
  }),
} as const;
