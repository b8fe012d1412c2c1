import { Field } from '../../components/ui/field.tsx';
import { Input, Select, Textarea } from '../../components/ui/input.tsx';
import { faultsOf, NUMBERS, type Settings } from './conversation.ts';

const WORDS = {
  temperature: { label: 'Temperature', hint: '0 repeats itself, higher surprises.' },
  topP: { label: 'Top P', hint: 'Share of the likeliest words, up to 1.' },
  maxTokens: { label: 'Longest answer', hint: 'In tokens; thoughts count.' },
} as const;

export interface SettingsFormProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** What goes with every question, in force with the next one. */
export function SettingsForm({ settings, onChange }: SettingsFormProps) {
  const faults = faultsOf(settings);
  return (
    <div className="grid content-start gap-4">
      <Field label="System prompt" isOptional>
        {(control) => (
          <Textarea
            {...control}
            className="h-32 resize-y"
            placeholder="You are a careful reviewer…"
            value={settings.system}
            onChange={(event) => onChange({ ...settings, system: event.target.value })}
          />
        )}
      </Field>
      {NUMBERS.map((name) => (
        <Field key={name} label={WORDS[name].label} hint={WORDS[name].hint} error={faults[name]}>
          {(control) => (
            <Input
              {...control}
              className="numeric"
              inputMode="decimal"
              autoComplete="off"
              placeholder="The model’s own"
              value={settings[name]}
              onChange={(event) => onChange({ ...settings, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <Field label="Reasoning" hint="How long it may think, where it can.">
        {(control) => (
          <Select
            {...control}
            value={settings.effort}
            onChange={(event) => onChange({ ...settings, effort: event.target.value as Settings['effort'] })}
          >
            <option value="">The model’s own</option>
            <option value="low">Low</option>
            <option value="medium">Medium</option>
            <option value="high">High</option>
          </Select>
        )}
      </Field>
    </div>
  );
}
