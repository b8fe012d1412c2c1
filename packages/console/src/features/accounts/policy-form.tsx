import type { AccountPolicy, AccountPolicyName } from '@patchbay/contract/resources/account-policy';
import { useState } from 'react';
import { toast } from 'sonner';

import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { fallbackWords, heldWords, POLICY_WORDS } from './policy.ts';
import { STALE } from './use-account-acts.ts';

export interface PolicyFormProps {
  /** What the provider is called. */
  readonly name: string;
  /** What held when the form was opened. */
  readonly of: AccountPolicy;
  readonly onClose: () => void;
}

type Choice = AccountPolicyName | '';

/** Chooses how calls choose among the accounts of one provider, from the next call on. */
export function PolicyForm({ name, of: held, onClose }: PolicyFormProps) {
  // What somebody else chooses meanwhile does not change what is being written here.
  const [began] = useState(held);
  const [choice, setChoice] = useState<Choice>(began.source === 'administrator' ? (began.policy ?? '') : '');
  const set = useChange('accountPolicies.set', [...STALE, 'accountPolicies.list']);
  const save = (): void =>
    set.mutate(
      {
        params: { provider: began.provider_id },
        body: { policy: choice === '' ? null : choice, version: began.version },
      },
      {
        onSuccess: (after) => {
          toast.success(`Accounts of ${name} are chosen: ${heldWords(after).words}.`);
          onClose();
        },
      },
    );
  const fallback = fallbackWords(began);
  return (
    <FormDialog
      title={`How accounts of ${name} are chosen`}
      description="It holds from the next call on, on every instance."
      submitLabel="Save"
      isBusy={set.isPending}
      onClose={onClose}
      onSubmit={save}
    >
      <fieldset className="grid gap-2 sm:col-span-2">
        <legend className="sr-only">Way to choose</legend>
        <Way
          value=""
          words={began.setting === null ? 'Nothing chosen' : `As ACCOUNT_POLICIES says: ${fallback.words}`}
          sentence={fallback.sentence}
          isChosen={choice === ''}
          onChoose={setChoice}
        />
        {Object.entries(POLICY_WORDS).map(([value, { words, sentence }]) => (
          <Way
            key={value}
            value={value as AccountPolicyName}
            words={words}
            sentence={sentence}
            isChosen={choice === value}
            onChoose={setChoice}
          />
        ))}
      </fieldset>
      {began.models.length > 0 && (
        <p className="text-xs text-ink-3 sm:col-span-2">
          ACCOUNT_POLICIES names single models, which go by that whatever is chosen here:{' '}
          {began.models.map(({ model, policy }) => `${model} (${heldWords({ policy }).words})`).join(', ')}.
        </p>
      )}
      <FormFailure failure={set.error === null ? undefined : failureOf(set.error)} />
    </FormDialog>
  );
}

interface WayProps {
  readonly value: Choice;
  readonly words: string;
  readonly sentence: string;
  readonly isChosen: boolean;
  readonly onChoose: (value: Choice) => void;
}

const Way = ({ value, words, sentence, isChosen, onChoose }: WayProps) => (
  <label className="flex cursor-pointer items-start gap-3 rounded-md border border-line px-3 py-2 hover:bg-hover has-checked:border-accent">
    <input
      type="radio"
      name="policy"
      value={value}
      checked={isChosen}
      onChange={() => onChoose(value)}
      className="mt-1 accent-accent"
    />
    <span className="grid gap-0.5">
      <span className="text-sm font-medium first-letter:uppercase">{words}</span>
      <span className="text-xs text-ink-2">{sentence}</span>
    </span>
  </label>
);
