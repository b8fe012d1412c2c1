import type { Proxy } from '@patchbay/contract/resources/proxy';
import { toast } from 'sonner';

import { failureOf } from '../../lib/failure.ts';
import { tell } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './stale.ts';
import { nameOf, stateOf } from './words.ts';

/** What is done with a proxy at once, without a question; how it went is said in a note. */
export function useProxyActs(proxy: Proxy) {
  const check = useChange('proxies.check', STALE);
  const update = useChange('proxies.update', STALE);
  const { id, is_active: isActive } = proxy;
  const name = nameOf(proxy);
  const turn = (active: boolean) => update.mutateAsync({ params: { id }, body: { is_active: active } });
  const told = (checked: Proxy): void => {
    const { tone, word } = stateOf(checked);
    if (tone === 'good') toast.success(`${name} answers.`);
    else toast.error(`${name} was tried and is ${word}.`);
  };
  return {
    check: () =>
      void check.mutateAsync({ params: { id } }).then(told, (error: unknown) => toast.error(failureOf(error).message)),
    turn: () =>
      tell(turn(!isActive), isActive ? `${name} is switched off.` : `${name} is switched on.`, () => turn(isActive)),
    isChecking: check.isPending,
  };
}
