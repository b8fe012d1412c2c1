import { Field, FormError } from '../../components/ui/field.tsx';
import { Input, Select } from '../../components/ui/input.tsx';
import type { Failure } from '../../lib/failure.ts';
import type { SignInDraft, SignInProvider } from './use-sign-in-draft.ts';
import type { SignInWish } from './use-sign-in.ts';

/** What the form shows, and whom it tells. */
export interface SignInFormProps {
  /** Providers to choose from. */
  readonly ready: readonly SignInProvider[];
  readonly chosen: SignInProvider;
  readonly draft: SignInDraft;
  readonly failure: Failure | undefined;
  readonly onChange: (change: Partial<SignInDraft>) => void;
  readonly onSubmit: (wish: SignInWish) => void;
}

/** Asks where to sign in, and which way. */
export const SignInForm = ({ ready, chosen, draft, failure, onChange, onSubmit }: SignInFormProps) => (
  <form
    id="sign-in-account"
    noValidate
    className="grid gap-4"
    onSubmit={(event) => {
      event.preventDefault();
      onSubmit({ provider: chosen.id, label: draft.label.trim(), isDevice: draft.way === 'device' });
    }}
  >
    <Field label="Provider" error={failure?.fields['provider']}>
      {(control) => (
        <Select {...control} value={chosen.id} onChange={({ target }) => onChange({ provider: target.value })}>
          {ready.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
    <Field label="Name" isOptional error={failure?.fields['label']}>
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          value={draft.label}
          onChange={({ target }) => onChange({ label: target.value })}
        />
      )}
    </Field>
    {chosen.flows.length > 1 && (
      <WayField value={draft.way} error={failure?.fields['flow_type']} onChange={(way) => onChange({ way })} />
    )}
    <FormError message={Object.keys(failure?.fields ?? {}).length > 0 ? undefined : failure?.message} />
  </form>
);

interface WayFieldProps {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (way: string) => void;
}

const WayField = ({ value, error, onChange }: WayFieldProps) => (
  <Field label="How" error={error}>
    {(control) => (
      <Select {...control} value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="browser">in a window beside this one</option>
        <option value="device">with a code on any device</option>
      </Select>
    )}
  </Field>
);
