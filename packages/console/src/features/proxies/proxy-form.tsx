import type { Proxy } from '@patchbay/contract/resources/proxy';
import { useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Conflict } from '../../components/ui/conflict.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './stale.ts';
import { nameOf } from './words.ts';

export interface ProxyFormProps {
  /** The proxy that is changed; absent: a new one is added. */
  readonly changed?: Proxy | undefined;
  readonly onClose: () => void;
}

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

type Draft = Readonly<Record<(typeof FIELDS)[number]['name'], string>>;

const NEW: Draft = { url: '', label: '', max_accounts: '', weight: '', priority: '', max_failures: '' };

/** Asks where a proxy is and how much goes through it. */
export function ProxyForm({ changed, onClose }: ProxyFormProps) {
  const [draft, setDraft] = useState<Draft>(() => (changed === undefined ? NEW : draftOf(changed)));
  const create = useChange('proxies.create', STALE);
  const update = useChange('proxies.update', STALE);
  const doing = changed === undefined ? create : update;
  const failure = doing.error === null ? undefined : failureOf(doing.error);
  const fields = failure?.fields ?? {};
  const submit = (): void => {
    const onSuccess = (saved: Proxy): void => {
      toast.success(`${nameOf(saved)} was ${changed === undefined ? 'added' : 'changed'}.`);
      onClose();
    };
    const body = bodyOf(draft);
    if (changed === undefined) return create.mutate({ body }, { onSuccess });
    update.mutate({ params: { id: changed.id }, body: { ...body, version: changed.version } }, { onSuccess });
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={changed === undefined ? 'Add a proxy' : 'Change the proxy'}
      description="Accounts that are assigned to it go out through it, and through nothing else."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="proxy-form" variant="primary" isBusy={doing.isPending}>
            {changed === undefined ? 'Add the proxy' : 'Save'}
          </Button>
        </>
      }
    >
      <form
        id="proxy-form"
        noValidate
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {FIELDS.map(({ name, label, hint, isWide }) => (
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
                onChange={({ target }) => setDraft((before) => ({ ...before, [name]: target.value }))}
              />
            )}
          </Field>
        ))}
        <div className="sm:col-span-2">
          {failure?.kind === 'conflict' && fields['url'] === undefined ? (
            <Conflict failure={failure} />
          ) : (
            <FormError message={Object.keys(fields).length > 0 ? undefined : failure?.message} />
          )}
        </div>
      </form>
    </Dialog>
  );
}

const draftOf = (proxy: Proxy): Draft => ({
  url: proxy.url,
  label: proxy.label ?? '',
  max_accounts: String(proxy.max_accounts),
  weight: String(proxy.weight),
  priority: String(proxy.priority),
  max_failures: String(proxy.max_failures),
});

/** The API says best what is wrong with a text that is no number: it is sent as it is. */
function bodyOf({ url, label, ...numbers }: Draft) {
  const counts = Object.entries(numbers).flatMap(([name, written]) => {
    const text = written.trim();
    return text === '' ? [] : [[name, Number.isNaN(Number(text)) ? text : Number(text)] as const];
  });
  return { ...(Object.fromEntries(counts) as Record<string, number>), url: url.trim(), label: label.trim() };
}
