import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { Message } from '../resources/account.ts';
import { CreateMapping, ListMappings, Mapping, UpdateMapping } from '../resources/mapping.ts';

const FACE = 'accounts';
const PATH = '/api/v1/model-mappings';
const ByAlias = z.object({ alias: z.string().check(z.minLength(1), z.maxLength(100)) });

/**
 * Operations of model mappings, by id. In the place of an alias its id can stand: administrators see several of one alias,
 * each somebody else’s. A mapping of one’s own wins over a global one, a higher priority over a lower.
 */
export const MAPPING_OPERATIONS = {
  'mappings.list': operation({
    id: 'mappings.list',
    face: FACE,
    method: 'GET',
    path: PATH,
    permission: 'mappings:own',
    summary: 'Global mappings and one’s own; administrators see all.',
    query: ListMappings,
    output: z.object({ data: z.array(Mapping), total: z.int(), page: z.int(), limit: z.int() }),
  }),
  'mappings.create': operation({
    id: 'mappings.create',
    face: FACE,
    method: 'POST',
    path: PATH,
    permission: 'mappings:own',
    summary: 'Let a name stand for a model; global ones are the administrator’s.',
    body: CreateMapping,
    output: Mapping,
    status: 201,
    failures: ['ALREADY_EXISTS', 'PROVIDER_NOT_FOUND', 'VALIDATION_ERROR'],
  }),
  'mappings.get': operation({
    id: 'mappings.get',
    face: FACE,
    method: 'GET',
    path: `${PATH}/{alias}`,
    permission: 'mappings:own',
    summary: 'One mapping, by its alias or its id.',
    params: ByAlias,
    output: Mapping,
    failures: ['NOT_FOUND'],
  }),
  'mappings.update': operation({
    id: 'mappings.update',
    face: FACE,
    method: 'PUT',
    path: `${PATH}/{alias}`,
    permission: 'mappings:own',
    summary: 'Change a mapping, by its alias or its id.',
    params: ByAlias,
    body: UpdateMapping,
    output: Mapping,
    failures: ['NOT_FOUND', 'ALREADY_EXISTS', 'PROVIDER_NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR'],
  }),
  'mappings.delete': operation({
    id: 'mappings.delete',
    face: FACE,
    method: 'DELETE',
    path: `${PATH}/{alias}`,
    permission: 'mappings:own',
    summary: 'Remove a mapping, by its alias or its id.',
    params: ByAlias,
    output: Message,
    failures: ['NOT_FOUND'],
  }),
} as const;
