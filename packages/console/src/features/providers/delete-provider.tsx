import type { Provider } from '@patchbay/contract/resources/provider';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { useMayKeepSecrets, useMayUndo, useRemoval } from './use-removal.ts';

export interface DeleteProviderProps {
  readonly provider: Provider;
  readonly onClose: () => void;
}

/** Asks before a provider goes with its models. */
export function DeleteProvider({ provider, onClose }: DeleteProviderProps) {
  const remove = useRemoval();
  const mayUndo = useMayUndo();
  const mayKeepSecrets = useMayKeepSecrets();
  const { identifier, modelCount } = provider;
  const models =
    modelCount === 0 ? '' : ` ${modelCount === 1 ? 'Its model goes' : `Its ${modelCount} models go`} with it.`;
  return (
    <ConfirmByName
      onClose={onClose}
      title="Delete provider"
      name={identifier}
      consequence={`Calls to ${identifier}/… fail at once.${models} ${
        mayUndo
          ? `It can be undone for a moment${mayKeepSecrets ? '' : '; secrets have to be filled in again'}.`
          : 'This cannot be undone; switching it off can.'
      }`}
      change={remove}
      onConfirm={() => remove.mutate(provider, { onSuccess: onClose })}
    />
  );
}
