import type { Account } from '@patchbay/contract/resources/account';
import { useState } from 'react';

import { Field } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { Input, Select } from '../../components/ui/input.tsx';
import type { Failure } from '../../lib/failure.ts';
import { CredentialFields, CREDENTIALS, type WrittenKind } from './credential-fields.tsx';
import { isNameless, modelDraftsOf, ModelLimits } from './model-limits.tsx';
import { ProviderField } from './provider-field.tsx';
import { ProxyField } from './proxy-field.tsx';
import { shareDraftOf, ShareFields } from './share-fields.tsx';
import { useSaveAccount, type AccountDraft } from './use-save-account.ts';

/** Which account the form is for. */
export interface AccountFormProps {
  /** The account that is changed; absent: a new one is added. */
  readonly changed?: Account | undefined;
  readonly onClose: () => void;
}

/** Asks which provider an account is for, and what it presents itself with. */
export function AccountForm({ changed, onClose }: AccountFormProps) {
  const [draft, setDraft] = useState(() => draftOf(changed));
  const take = (change: Partial<AccountDraft>): void => setDraft((before) => ({ ...before, ...change }));
  const { save, failure, isPending } = useSaveAccount(changed, onClose);
  return (
    <FormDialog
      title={changed === undefined ? 'Add an account' : 'Change the account'}
      description={
        changed === undefined
          ? 'The next call may go through it.'
          : 'Leave the credential empty to keep the one that is there.'
      }
      submitLabel={changed === undefined ? 'Add the account' : 'Save'}
      isBusy={isPending}
      isBlocked={draft.models.some(isNameless)}
      onClose={onClose}
      onSubmit={() => save(draft)}
    >
      <Fields draft={draft} isNew={changed === undefined} failure={failure} onChange={take} />
    </FormDialog>
  );
}

interface FieldsProps {
  readonly draft: AccountDraft;
  readonly isNew: boolean;
  readonly failure: Failure | undefined;
  readonly onChange: (change: Partial<AccountDraft>) => void;
}

function Fields({ draft, isNew, failure, onChange }: FieldsProps) {
  const fields = failure?.fields ?? {};
  return (
    <>
      {isNew && (
        <ProviderField
          value={draft.providerId}
          error={fields['provider_id']}
          onChange={(providerId) => onChange({ providerId })}
        />
      )}
      <Field label="Name" hint="To tell it from others." error={fields['label']} isOptional>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            value={draft.label}
            onChange={({ target }) => onChange({ label: target.value })}
          />
        )}
      </Field>
      <KindField value={draft.kind} onChange={(kind) => onChange({ kind })} />
      <CredentialFields
        kind={draft.kind}
        draft={draft.credential}
        fields={fields}
        onChange={(change) => onChange({ credential: { ...draft.credential, ...change } })}
      />
      <ProxyField
        value={draft.way}
        error={fields['proxy_id']}
        unset={isNew ? 'the one whose turn it is' : 'as it is'}
        onChange={(way) => onChange({ way })}
      />
      <ShareFields
        draft={draft.share}
        fields={fields}
        onChange={(change) => onChange({ share: { ...draft.share, ...change } })}
      />
      <ModelLimits drafts={draft.models} fields={fields} onChange={(models) => onChange({ models })} />
      <FormFailure failure={failure} shownBeside={/^(?:provider_id|label|auth_data.*|proxy_id|metadata\..+)$/} />
    </>
  );
}

interface KindFieldProps {
  readonly value: WrittenKind;
  readonly onChange: (kind: WrittenKind) => void;
}

const KindField = ({ value, onChange }: KindFieldProps) => (
  <Field label="Presents itself with">
    {(control) => (
      <Select {...control} value={value} onChange={({ target }) => onChange(target.value as WrittenKind)}>
        {Object.entries(CREDENTIALS).map(([name, { label }]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

const draftOf = (changed: Account | undefined): AccountDraft => ({
  providerId: changed?.provider_id,
  label: changed?.label ?? '',
  kind: changed === undefined || changed.auth_kind === 'oauth' ? 'api_key' : changed.auth_kind,
  credential: {},
  way: '',
  share: shareDraftOf(changed?.metadata ?? {}),
  models: modelDraftsOf(changed?.metadata ?? {}),
});
