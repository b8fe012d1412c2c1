import type { Account } from '@patchbay/contract/resources/account';

/** A line of the list: the head of a provider's accounts, or one of them. */
export type Listed =
  | { readonly kind: 'head'; readonly provider: string; readonly isShut: boolean }
  | { readonly kind: 'account'; readonly account: Account };

/** Accounts that come provider by provider, each provider's beneath its head; those that are shut show the head alone. */
export const listedOf = (accounts: readonly Account[], shut: ReadonlySet<string>): readonly Listed[] =>
  accounts.flatMap((account, at): readonly Listed[] => {
    const { provider_id: provider } = account;
    const isShut = shut.has(provider);
    const head: readonly Listed[] =
      accounts[at - 1]?.provider_id === provider ? [] : [{ kind: 'head', provider, isShut }];
    return isShut ? head : [...head, { kind: 'account', account }];
  });

/** Names a line among all. */
export const idOf = (line: Listed): string => (line.kind === 'head' ? `head ${line.provider}` : line.account.id);

/** Providers that are shut, as the address holds them. */
export const shutIn = (written: string | undefined): ReadonlySet<string> =>
  new Set((written ?? '').split(',').filter((each) => each !== ''));

/** The same with one more or one less. */
export function turned(shut: ReadonlySet<string>, provider: string): string {
  const next = new Set(shut);
  if (!next.delete(provider)) next.add(provider);
  return [...next].join(',');
}
