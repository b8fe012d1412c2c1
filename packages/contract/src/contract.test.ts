import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Operation } from './operation.ts';
import { describeOperations } from './openapi.ts';
import { OPERATIONS } from './operations.ts';
import { PERMISSIONS, ROLE_PERMISSIONS, roleOf } from './permissions.ts';

const ALL: readonly Operation[] = Object.values<Operation>(OPERATIONS);

describe('every operation', () => {
  it('stands under its own id', () => {
    for (const [id, operation] of Object.entries<Operation>(OPERATIONS)) assert.equal(operation.id, id);
  });

  it('has routes that no other has', () => {
    const routes = ALL.flatMap(({ method, path, aliases = [] }) =>
      [path, ...aliases].map((each) => `${method} ${each}`),
    );
    assert.deepEqual(
      routes.filter((route, index) => routes.indexOf(route) !== index),
      [],
    );
  });

  it('says who may', () => {
    for (const { id, permission } of ALL) {
      assert.ok(['public', 'signed-in', ...PERMISSIONS].includes(permission), id);
    }
  });

  it('declares the parameters that its path has, and only those', () => {
    const { paths } = describeOperations(ALL, { title: '', version: '' }) as {
      paths: Record<string, Record<string, { parameters: { name: string; in: string }[] }>>;
    };
    for (const { method, path } of ALL) {
      const declared = paths[path]?.[method.toLowerCase()]?.parameters.filter((each) => each.in === 'path') ?? [];
      assert.deepEqual(
        declared.map(({ name }) => name),
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
        `${method} ${path}`,
      );
    }
  });
});

describe('roles', () => {
  it('know each other’s names', () => {
    assert.equal(roleOf('read_only'), 'viewer');
    assert.equal(roleOf('standard'), 'user');
    assert.equal(roleOf('root'), undefined);
  });

  it('let administrators do everything and viewers change nothing', () => {
    assert.deepEqual(ROLE_PERMISSIONS.admin, PERMISSIONS);
    assert.ok(ROLE_PERMISSIONS.viewer.every((each) => !/:(?:write|delete|import|config)$/.test(each)));
  });
});
