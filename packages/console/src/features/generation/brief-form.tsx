import { ListTree, Presentation } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Checkbox, Input, Select, Textarea } from '../../components/ui/input.tsx';
import { LANGUAGES, LEVELS, type Brief } from './brief.ts';
import { DocumentField } from './document-field.tsx';

export interface BriefFormProps {
  readonly brief: Brief;
  /** What the API says against single members. */
  readonly fields: Readonly<Record<string, string>>;
  readonly isBusy: boolean;
  /** True while later steps are under way, which need this one to stay. */
  readonly isHeld: boolean;
  readonly failure: ReactNode;
  readonly onChange: (change: Partial<Brief>) => void;
  /** Makes the outline alone. */
  readonly onSubmit: () => void;
  /** Makes the whole deck; absent for whoever may not. */
  readonly onMakeAll: (() => void) | undefined;
  readonly mayDraw: boolean;
}

/** Asks what the deck is about. */
export const BriefForm = ({ brief, fields, isBusy, isHeld, failure, onChange, onSubmit, ...rest }: BriefFormProps) => (
  <Card title="Brief" hint="step 1">
    <form
      noValidate
      aria-label="Brief"
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Field label="Topic" hint="What the deck is about, and for whom." error={fields['topic']}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            value={brief.topic}
            onChange={({ target }) => onChange({ topic: target.value })}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-4">
        <Field label="Level" error={fields['instructional_level']}>
          {(control) => (
            <Select {...control} value={brief.level} onChange={({ target }) => onChange({ level: target.value })}>
              {LEVELS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Slides" error={fields['n_slides']}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              className="numeric"
              value={brief.count}
              onChange={({ target }) => onChange({ count: target.value })}
            />
          )}
        </Field>
      </div>
      <LanguageField lang={brief.lang} error={fields['lang']} onChange={(lang) => onChange({ lang })} />
      <DocumentField brief={brief} fields={fields} onChange={onChange} />
      {failure}
      <Button type="submit" variant="primary" icon={<ListTree aria-hidden />} isBusy={isBusy} disabled={isHeld}>
        {isBusy ? 'Making the outline…' : 'Make the outline'}
      </Button>
      {rest.onMakeAll !== undefined && (
        <InOneGo {...rest} onMakeAll={rest.onMakeAll} brief={brief} isHeld={isHeld || isBusy} onChange={onChange} />
      )}
    </form>
  </Card>
);

interface InOneGoProps extends Pick<BriefFormProps, 'brief' | 'isHeld' | 'mayDraw' | 'onChange'> {
  readonly onMakeAll: () => void;
}

const InOneGo = ({ brief, isHeld, mayDraw, onChange, onMakeAll }: InOneGoProps) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-4">
    <Button icon={<Presentation aria-hidden />} disabled={isHeld} onClick={onMakeAll}>
      Make the whole deck
    </Button>
    {mayDraw && (
      <label className="flex items-center gap-2 text-sm">
        <Checkbox
          aria-label="With pictures"
          checked={brief.hasPictures}
          onCheckedChange={(isOn) => onChange({ hasPictures: isOn === true })}
        />
        With pictures
      </label>
    )}
  </div>
);

interface LanguageFieldProps {
  readonly lang: string;
  readonly error: string | undefined;
  readonly onChange: (lang: string) => void;
}

const LanguageField = ({ lang, error, onChange }: LanguageFieldProps) => (
  <Field label="Language" hint={nameOf(lang) ?? 'A tag such as en, de or pt-BR.'} error={error}>
    {(control) => (
      <>
        <Input
          {...control}
          list={`${control.id}-list`}
          autoComplete="off"
          value={lang}
          onChange={({ target }) => onChange(target.value)}
        />
        <datalist id={`${control.id}-list`}>
          {LANGUAGES.map((each) => (
            <option key={each} value={each}>
              {nameOf(each)}
            </option>
          ))}
        </datalist>
      </>
    )}
  </Field>
);

/** What a language is called in the viewer's own; undefined for what is no tag. */
function nameOf(tag: string): string | undefined {
  try {
    return new Intl.DisplayNames(undefined, { type: 'language', fallback: 'none' }).of(tag);
  } catch {
    return undefined;
  }
}
