import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { assignProxy, recalculate, type AssignableAccount, type AssignableProxy } from './assign-proxy.ts';

const proxy = (id: string, more: Partial<AssignableProxy> = {}): AssignableProxy => ({
  id,
  isActive: true,
  healthStatus: 'healthy',
  priority: 0,
  maxAccounts: 0,
  currentAccounts: 0,
  ...more,
});
const account = (id: string, proxyId?: number, isActive = true): AssignableAccount => ({
  id,
  isActive,
  ...(proxyId !== undefined && { proxyId }),
});

describe('an account that needs a proxy', () => {
  const CHOICES: readonly (readonly [string, string | undefined, readonly AssignableProxy[]])[] = [
    [
      'gets the one with the highest priority, however full',
      '2',
      [proxy('1'), proxy('2', { priority: 1, currentAccounts: 9 })],
    ],
    [
      'gets the emptier of two equal ones',
      '2',
      [proxy('1', { currentAccounts: 2 }), proxy('2', { currentAccounts: 1 })],
    ],
    ['gets the older of two that are equal in all', '9', [proxy('10'), proxy('9')]],
    ['passes a full one over', '2', [proxy('1', { priority: 9, maxAccounts: 2, currentAccounts: 2 }), proxy('2')]],
    [
      'finds room without end where the most is not positive',
      '1',
      [proxy('1', { maxAccounts: -1, currentAccounts: 500 })],
    ],
    [
      'passes over what is off or down',
      '3',
      [
        proxy('1', { isActive: false }),
        proxy('2', { healthStatus: 'down' }),
        proxy('3', { healthStatus: 'degraded', priority: -1 }),
      ],
    ],
    ['gets none when all are full', undefined, [proxy('1', { maxAccounts: 1, currentAccounts: 1 })]],
  ];
  for (const [what, id, proxies] of CHOICES) it(what, () => assert.equal(assignProxy(proxies)?.id, id));
});

describe('a recalculation', () => {
  it('counts the active accounts of each proxy, whatever was written there', () => {
    const accounts = [account('a', 1), account('b', 1), account('c', 1, false), account('d', 2), account('e')];
    const { counts, moves } = recalculate([proxy('1', { currentAccounts: 70 }), proxy('2'), proxy('3')], accounts);
    assert.deepEqual(
      [...counts],
      [
        ['1', 2],
        ['2', 1],
        ['3', 0],
      ],
    );
    assert.deepEqual(moves, []);
  });

  it('moves the accounts of proxies that are off, down or gone, and fills by the rules', () => {
    const proxies = [
      proxy('1', { isActive: false }),
      proxy('2', { healthStatus: 'down' }),
      proxy('3', { maxAccounts: 3, priority: 5 }),
      proxy('4'),
    ];
    const accounts = [
      account('a', 1),
      account('b', 2),
      account('c', 99),
      account('d', 3),
      account('e', 1, false),
      account('f'),
    ];
    const { counts, moves, stranded } = recalculate(proxies, accounts);
    assert.deepEqual(moves, [
      { accountId: 'a', proxyId: '3' },
      { accountId: 'b', proxyId: '3' },
      { accountId: 'c', proxyId: '4' },
      { accountId: 'e', proxyId: '4' },
    ]);
    assert.deepEqual(
      [...counts],
      [
        ['1', 0],
        ['2', 0],
        ['3', 3],
        ['4', 1],
      ],
    );
    assert.deepEqual(stranded, []);
  });

  it('leaves an account with a good proxy there, even one above its most', () => {
    const accounts = [account('a', 1), account('b', 1)];
    const { moves, counts } = recalculate([proxy('1', { maxAccounts: 1 }), proxy('2', { priority: 9 })], accounts);
    assert.deepEqual(moves, []);
    assert.equal(counts.get('1'), 2);
  });

  it('sends nobody out directly for whom there is no room: the account keeps its proxy', () => {
    const proxies = [proxy('1', { isActive: false }), proxy('2', { maxAccounts: 1 })];
    const { moves, stranded, counts } = recalculate(proxies, [account('a', 2), account('b', 1), account('c', 7)]);
    assert.deepEqual([moves, stranded], [[], ['b', 'c']]);
    assert.deepEqual(
      [...counts],
      [
        ['1', 1],
        ['2', 1],
      ],
    );
  });

  it('changes nothing the second time', () => {
    const proxies = [proxy('1', { isActive: false }), proxy('2'), proxy('3')];
    const before = Array.from({ length: 50 }, (_, index) => account(String(index), 1));
    const { moves } = recalculate(proxies, before);
    const after = before.map((each) =>
      account(each.id, Number(moves.find(({ accountId }) => accountId === each.id)?.proxyId)),
    );
    assert.deepEqual([...recalculate(proxies, after).counts.values()], [0, 25, 25]);
    assert.deepEqual(recalculate(proxies, after).moves, []);
  });
});
