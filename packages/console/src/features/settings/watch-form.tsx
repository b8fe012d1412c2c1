import type { HealthConfig } from '@patchbay/contract/resources/health';
import { useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { Input, Switch } from '../../components/ui/input.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';

const FIELDS = [
  { name: 'checkInterval', label: 'Check every', hint: 'Seconds.', place: 'checkInterval' },
  { name: 'timeout', label: 'Wait for an answer', hint: 'Milliseconds at most.', place: 'timeout' },
  {
    name: 'responseTimeMs',
    label: 'Slow from',
    hint: 'Milliseconds; slower ones are degraded.',
    place: 'thresholds.responseTimeMs',
  },
  {
    name: 'errorRatePercent',
    label: 'Failing from',
    hint: 'Percent of the calls.',
    place: 'thresholds.errorRatePercent',
  },
  {
    name: 'uptimePercent',
    label: 'Uptime at least',
    hint: 'Percent of the checks.',
    place: 'thresholds.uptimePercent',
  },
] as const;

type Draft = Readonly<Record<(typeof FIELDS)[number]['name'], string>>;

const SHOWN_BESIDE = new RegExp(`^(?:${FIELDS.map(({ place }) => place.replace('.', String.raw`\.`)).join('|')})$`);

/** How often and how strictly providers are looked at. In force at once, until the gateway starts again. */
export function WatchForm({ config }: { readonly config: HealthConfig }) {
  const [draft, setDraft] = useState(draftOf(config));
  const [isOn, setOn] = useState(config.enabled);
  const mayWrite = useMay('health:write');
  const update = useChange('health.updateConfig', ['health.config', 'system.registryMonitoring', 'audit.list']);
  const failure = update.error === null ? undefined : failureOf(update.error);
  const submit = (): void =>
    update.mutate(
      { body: { ...bodyOf(draft), enabled: isOn } },
      { onSuccess: () => toast.success('It watches so from now on.') },
    );
  return (
    <form
      noValidate
      className="grid gap-4 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className="text-sm text-ink-2 sm:col-span-2">
        In force at once in the process that answers, and until it starts again.
      </p>
      <label className="flex items-center gap-3 text-sm font-medium sm:col-span-2">
        <Switch checked={isOn} disabled={!mayWrite} onCheckedChange={setOn} aria-label="Look after providers" />
        Look after providers
      </label>
      {FIELDS.map(({ name, label, hint, place }) => (
        <Field key={name} label={label} hint={hint} error={failure?.fields[place]}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              autoComplete="off"
              disabled={!mayWrite}
              value={draft[name]}
              onChange={({ target }) => setDraft((before) => ({ ...before, [name]: target.value }))}
            />
          )}
        </Field>
      ))}
      <FormFailure failure={failure} shownBeside={SHOWN_BESIDE} />
      {mayWrite && (
        <div className="sm:col-span-2">
          <Button type="submit" variant="primary" isBusy={update.isPending}>
            Save
          </Button>
        </div>
      )}
    </form>
  );
}

const draftOf = ({ checkInterval, timeout, thresholds }: HealthConfig): Draft => ({
  checkInterval: String(checkInterval),
  timeout: String(timeout),
  responseTimeMs: String(thresholds.responseTimeMs),
  errorRatePercent: String(thresholds.errorRatePercent),
  uptimePercent: String(thresholds.uptimePercent),
});

/** What is no number goes as it is: the API says what it should be. */
const bodyOf = ({ checkInterval, timeout, ...thresholds }: Draft) => ({
  checkInterval: Number(checkInterval),
  timeout: Number(timeout),
  thresholds: {
    responseTimeMs: Number(thresholds.responseTimeMs),
    errorRatePercent: Number(thresholds.errorRatePercent),
    uptimePercent: Number(thresholds.uptimePercent),
  },
});
