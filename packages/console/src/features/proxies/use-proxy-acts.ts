import type { Proxy } from '@patchbay/contract/resources/proxy';
import { toast } from 'sonner';

import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './stale.ts';
import { nameOf, stateOf } from './words.ts';

/** What is done with a proxy at once, without a question; how it went is said in a note. */
export function useProxyActs(proxy: Proxy) {
  const check = useChange('proxies.check', STALE);
  const update = useChange('proxies.update', STALE);
  const { id, is_active: isActive } = proxy;
  const name = nameOf(proxy);
  const onError = (error: Error): void => void toast.error(failureOf(error).message);
  const tell = (checked: Proxy): void => {
    const { tone, word } = stateOf(checked);
    if (tone === 'good') toast.success(`${name} answers.`);
    else toast.error(`${name} was tried and is ${word}.`);
  };
  return {
    check: () => check.mutate({ params: { id } }, { onSuccess: tell, onError }),
    turn: () =>
      update.mutate(
        { params: { id }, body: { is_active: !isActive } },
        {
          onSuccess: () => void toast.success(isActive ? `${name} is switched off.` : `${name} is switched on.`),
          onError,
        },
      ),
    isChecking: check.isPending,
  };
}
