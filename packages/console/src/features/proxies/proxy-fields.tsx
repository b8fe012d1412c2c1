import type { Proxy } from '@patchbay/contract/resources/proxy';

import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';

/** What the form asks for, by the names of the API. */
const FIELDS = [
  {
    name: 'url',
    label: 'Address',
    hint: 'Such as socks5://user:password@proxy.example:1080. The password is sealed and never shown again.',
    isWide: true,
  },
  { name: 'label', label: 'Name', hint: 'To tell it from others.', isWide: true },
  { name: 'max_accounts', label: 'Accounts at most', hint: '0: as many as there are.', isWide: false },
  { name: 'weight', label: 'Weight', hint: 'Of its turns beside others.', isWide: false },
  { name: 'priority', label: 'Priority', hint: 'The highest come first.', isWide: false },
  { name: 'max_failures', label: 'Down after failures', hint: 'In a row.', isWide: false },
] as const;

/** What a form of a proxy holds: texts as they are written. */
export type ProxyDraft = Readonly<Record<(typeof FIELDS)[number]['name'], string>>;

/** Nothing is written yet. */
export const NEW: ProxyDraft = { url: '', label: '', max_accounts: '', weight: '', priority: '', max_failures: '' };

/** A proxy as texts. */
export const draftOf = (proxy: Proxy): ProxyDraft => ({
  url: proxy.url,
  label: proxy.label ?? '',
  max_accounts: String(proxy.max_accounts),
  weight: String(proxy.weight),
  priority: String(proxy.priority),
  max_failures: String(proxy.max_failures),
});

/** The API says best what is wrong with a text that is no number: it is sent as it is. */
export function bodyOf({ url, label, ...numbers }: ProxyDraft) {
  const counts = Object.entries(numbers).flatMap(([name, written]) => {
    const text = written.trim();
    return text === '' ? [] : [[name, Number.isNaN(Number(text)) ? text : Number(text)] as const];
  });
  return { ...(Object.fromEntries(counts) as Record<string, number>), url: url.trim(), label: label.trim() };
}

/** What the fields show, and whom they tell. */
export interface ProxyFieldsProps {
  readonly draft: ProxyDraft;
  /** What is wrong with each, by its name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<ProxyDraft>) => void;
}

/** Where a proxy is, and how much goes through it. */
export const ProxyFields = ({ draft, fields, onChange }: ProxyFieldsProps) =>
  FIELDS.map(({ name, label, hint, isWide }) => (
    <Field
      key={name}
      label={label}
      hint={hint}
      isOptional={name !== 'url'}
      error={fields[name]}
      className={isWide ? 'sm:col-span-2' : ''}
    >
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          spellCheck={false}
          inputMode={isWide ? 'text' : 'numeric'}
          className={name === 'url' ? 'font-mono text-xs' : ''}
          value={draft[name]}
          onChange={({ target }) => onChange({ [name]: target.value })}
        />
      )}
    </Field>
  ));
