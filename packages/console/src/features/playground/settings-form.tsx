import { Field } from '../../components/ui/field.tsx';
import { Input, Select, Textarea } from '../../components/ui/input.tsx';
import { EFFORTS, faultsOf, NUMBERS, type NumberName, type Settings } from './parameters.ts';

const NUMBER_WORDS: Readonly<Record<NumberName, { readonly label: string; readonly hint: string }>> = {
  temperature: { label: 'Temperature', hint: '0 repeats itself, higher surprises.' },
  topP: { label: 'Top P', hint: 'Share of the likeliest words, up to 1.' },
  maxTokens: { label: 'Longest answer', hint: 'In tokens; thoughts count.' },
  seed: { label: 'Seed', hint: 'The same one repeats an answer, nearly.' },
  frequencyPenalty: { label: 'Frequency penalty', hint: 'Against words said often, −2 to 2.' },
  presencePenalty: { label: 'Presence penalty', hint: 'Against words said at all, −2 to 2.' },
};

export interface SettingsFormProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
  /** Efforts that the models take, where the catalogue knows them. */
  readonly efforts: readonly string[] | undefined;
}

/** What goes with every question, in force with the next one. What is empty is not sent. */
export function SettingsForm({ settings, onChange, efforts }: SettingsFormProps) {
  const faults = faultsOf(settings);
  const parts = { settings, faults, set: (change: Partial<Settings>) => onChange({ ...settings, ...change }) };
  return (
    <div className="grid content-start gap-4">
      <SystemPrompt {...parts} />
      <div className="grid grid-cols-2 gap-x-3 gap-y-4">
        {NUMBERS.map((name) => (
          <NumberField key={name} name={name} {...parts} />
        ))}
      </div>
      <Stops {...parts} />
      <Effort {...parts} efforts={efforts} />
      <Format {...parts} />
      <p className="text-xs text-ink-3">What is left empty is not sent: the model’s own default holds.</p>
    </div>
  );
}

interface PartProps {
  readonly settings: Settings;
  readonly faults: Readonly<Partial<Record<keyof Settings, string>>>;
  readonly set: (change: Partial<Settings>) => void;
}

const SystemPrompt = ({ settings, set }: PartProps) => (
  <Field label="System prompt" isOptional>
    {(control) => (
      <Textarea
        {...control}
        className="h-28 resize-y"
        placeholder="You are a careful reviewer…"
        value={settings.system}
        onChange={(event) => set({ system: event.target.value })}
      />
    )}
  </Field>
);

const NumberField = ({ name, settings, faults, set }: PartProps & { readonly name: NumberName }) => (
  <Field label={NUMBER_WORDS[name].label} hint={NUMBER_WORDS[name].hint} error={faults[name]}>
    {(control) => (
      <Input
        {...control}
        className="numeric"
        inputMode="decimal"
        autoComplete="off"
        placeholder="Not sent"
        value={settings[name]}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    )}
  </Field>
);

const Stops = ({ settings, set }: PartProps) => (
  <Field label="Stop at" hint="Texts that end the answer, one a line.">
    {(control) => (
      <Textarea
        {...control}
        className="min-h-8 resize-y font-mono"
        rows={1}
        spellCheck={false}
        placeholder="Not sent"
        value={settings.stop}
        onChange={(event) => set({ stop: event.target.value })}
      />
    )}
  </Field>
);

const Effort = ({ settings, set, efforts }: PartProps & { readonly efforts: readonly string[] | undefined }) => (
  <Field
    label="Reasoning"
    hint={
      efforts === undefined || efforts.length === 0
        ? 'How long it may think, where it can.'
        : `How long it may think. Taken here: ${efforts.join(', ')}.`
    }
  >
    {(control) => (
      <Select
        {...control}
        value={settings.effort}
        onChange={(event) => set({ effort: event.target.value as Settings['effort'] })}
      >
        <option value="">Not sent</option>
        {EFFORTS.map((effort) => (
          <option key={effort} value={effort}>
            {effort}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

const Format = ({ settings, faults, set }: PartProps) => (
  <>
    <Field label="Form of the answer" hint="Text, any JSON object, or JSON of a schema.">
      {(control) => (
        <Select
          {...control}
          value={settings.format}
          onChange={(event) => set({ format: event.target.value as Settings['format'] })}
        >
          <option value="">Not sent</option>
          <option value="json">JSON object</option>
          <option value="schema">JSON of a schema</option>
        </Select>
      )}
    </Field>
    {settings.format === 'schema' && (
      <Field label="Schema of the answer" hint="JSON Schema of an object." error={faults.schema}>
        {(control) => (
          <Textarea
            {...control}
            className="h-40 resize-y font-mono text-xs"
            spellCheck={false}
            placeholder={'{ "type": "object", "properties": { … } }'}
            value={settings.schema}
            onChange={(event) => set({ schema: event.target.value })}
          />
        )}
      </Field>
    )}
  </>
);
