import { Field } from '../../components/ui/field.tsx';
import { Input, Textarea } from '../../components/ui/input.tsx';

/** Kinds of credentials that can be written down; signing in has a way of its own. */
export type WrittenKind = keyof typeof CREDENTIALS;

interface CredentialField {
  /** Its name in `auth_data`. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly isSecret: boolean;
  readonly isLong?: boolean;
  readonly isOptional?: boolean;
}

const secret = (name: string, label: string, hint: string): CredentialField => ({ name, label, hint, isSecret: true });

/** What each kind is made of. */
export const CREDENTIALS = {
  api_key: {
    label: 'API key',
    fields: [secret('api_key', 'API key', 'It is sealed when it is saved and never shown again.')],
  },
  bearer: {
    label: 'Bearer token',
    fields: [
      secret('token', 'Token', 'It is sealed when it is saved and never shown again.'),
      { name: 'header', label: 'Header', hint: 'Empty: authorization.', isSecret: false, isOptional: true },
    ],
  },
  aws: {
    label: 'AWS',
    fields: [
      { name: 'access_key_id', label: 'Access key id', isSecret: false },
      secret('secret_access_key', 'Secret access key', 'It is sealed when it is saved and never shown again.'),
      { name: 'region', label: 'Region', hint: 'Such as us-east-1.', isSecret: false },
    ],
  },
  service_account: {
    label: 'Service account',
    fields: [
      {
        ...secret('service_account', 'Key file', 'The whole JSON file of the service account.'),
        isLong: true,
      },
    ],
  },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly fields: readonly CredentialField[] }>>;

/** What is written of a credential, by the names of its members. */
export type CredentialDraft = Readonly<Record<string, string>>;

/** Members to send: those of the kind that are not empty. */
export const membersOf = (kind: WrittenKind, draft: CredentialDraft): Readonly<Record<string, string>> =>
  Object.fromEntries(
    CREDENTIALS[kind].fields.flatMap(({ name }) => {
      const text = (draft[name] ?? '').trim();
      return text === '' ? [] : [[name, text] as const];
    }),
  );

export interface CredentialFieldsProps {
  readonly kind: WrittenKind;
  readonly draft: CredentialDraft;
  /** What is wrong, by names such as `auth_data.api_key`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (change: CredentialDraft) => void;
}

/** What an account presents itself with. What is wrong with the whole is said at the first of them. */
export const CredentialFields = ({ kind, draft, fields, onChange }: CredentialFieldsProps) =>
  (CREDENTIALS[kind].fields as readonly CredentialField[]).map(
    ({ name, label, hint, isSecret, isLong = false, isOptional = false }, at) => (
      <Field
        key={name}
        label={label}
        isOptional={isOptional}
        hint={hint}
        error={fields[`auth_data.${name}`] ?? (at === 0 ? fields['auth_data'] : undefined)}
        className="sm:col-span-2"
      >
        {(control) =>
          isLong ? (
            <Textarea
              {...control}
              className="font-mono text-xs"
              spellCheck={false}
              autoComplete="off"
              value={draft[name] ?? ''}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
          ) : (
            <Input
              {...control}
              className="font-mono text-xs"
              type={isSecret ? 'password' : 'text'}
              spellCheck={false}
              autoComplete={isSecret ? 'new-password' : 'off'}
              value={draft[name] ?? ''}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
          )
        }
      </Field>
    ),
  );
