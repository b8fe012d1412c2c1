import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { Message, sliceOf, SliceQuery } from '../resources/account.ts';
import { countQuery, Flag } from '../resources/page.ts';
import { CreateProxy, Proxy, ProxyAssignments, ProxyStats, Recalculated, UpdateProxy } from '../resources/proxy.ts';

const FACE = 'accounts';
const PATH = '/api/v1/proxies';
const ByNumber = z.object({ id: z.coerce.number<number | string>().check(z.int(), z.minimum(1)) });

/** Operations of outbound proxies, by id. */
export const PROXY_OPERATIONS = {
  'proxies.list': operation({
    id: 'proxies.list',
    face: FACE,
    method: 'GET',
    path: PATH,
    permission: 'proxies:read',
    summary: 'Outbound proxies.',
    query: z.object(SliceQuery),
    output: sliceOf(Proxy),
  }),
  'proxies.create': operation({
    id: 'proxies.create',
    face: FACE,
    method: 'POST',
    path: PATH,
    permission: 'proxies:write',
    summary: 'Add a proxy: http, https or socks5, with user and password if it needs them.',
    body: CreateProxy,
    output: Proxy,
    status: 201,
    failures: ['ALREADY_EXISTS', 'VALIDATION_ERROR'],
  }),
  'proxies.assignments': operation({
    id: 'proxies.assignments',
    face: FACE,
    method: 'GET',
    path: `${PATH}/assignments`,
    permission: 'proxies:read',
    summary: 'Which account goes through which proxy.',
    output: ProxyAssignments,
  }),
  'proxies.recalculate': operation({
    id: 'proxies.recalculate',
    face: FACE,
    method: 'POST',
    path: `${PATH}/recalculate`,
    permission: 'proxies:write',
    summary: 'Count anew, and move the accounts of proxies that are off; `dry_run` only says what that would do.',
    query: z.object({ dry_run: z._default(Flag, false) }),
    output: Recalculated,
  }),
  'proxies.get': operation({
    id: 'proxies.get',
    face: FACE,
    method: 'GET',
    path: `${PATH}/{id}`,
    permission: 'proxies:read',
    summary: 'One proxy.',
    params: ByNumber,
    output: Proxy,
    failures: ['NOT_FOUND'],
  }),
  'proxies.update': operation({
    id: 'proxies.update',
    face: FACE,
    method: 'PUT',
    path: `${PATH}/{id}`,
    permission: 'proxies:write',
    summary: 'Change a proxy.',
    params: ByNumber,
    body: UpdateProxy,
    output: Proxy,
    failures: ['NOT_FOUND', 'ALREADY_EXISTS', 'CONFLICT', 'VALIDATION_ERROR'],
  }),
  'proxies.delete': operation({
    id: 'proxies.delete',
    face: FACE,
    method: 'DELETE',
    path: `${PATH}/{id}`,
    permission: 'proxies:write',
    summary: 'Remove a proxy; its accounts get another.',
    params: ByNumber,
    output: Message,
    failures: ['NOT_FOUND'],
  }),
  'proxies.check': operation({
    id: 'proxies.check',
    face: FACE,
    method: 'POST',
    path: `${PATH}/{id}/check`,
    permission: 'proxies:write',
    summary: 'Try a proxy now.',
    params: ByNumber,
    output: Proxy,
    failures: ['NOT_FOUND'],
  }),
  'proxies.stats': operation({
    id: 'proxies.stats',
    face: FACE,
    method: 'GET',
    path: '/api/v1/stats/proxies/{id}',
    permission: 'proxies:read',
    summary: 'A proxy day by day.',
    params: ByNumber,
    query: z.object({ days: countQuery(90, 7) }),
    output: ProxyStats,
    failures: ['NOT_FOUND'],
  }),
} as const;
