import { FileText, Upload, X } from 'lucide-react';
import { useId } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Bytes } from '../../components/ui/values.tsx';
import { ENDINGS, FILE_BYTES_MAX, type Brief } from './brief.ts';

export interface DocumentFieldProps {
  readonly brief: Brief;
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<Brief>) => void;
}

/** A document to make the outline from: one's own, or one on the web. */
export function DocumentField({ brief: { url, file }, fields, onChange }: DocumentFieldProps) {
  const isTooLarge = file !== undefined && file.size > FILE_BYTES_MAX;
  const error =
    fields['data'] ??
    fields['file_url'] ??
    fields['file_type'] ??
    (isTooLarge ? 'Larger than 20 MiB, which is more than the gateway takes. Choose a smaller one.' : undefined);
  return (
    <Field
      label="Document"
      isOptional
      hint={`Its address, or a file: ${ENDINGS.join(', ')}, at most 20 MiB.`}
      error={error}
    >
      {(control) => (
        <div className="flex gap-2">
          {file === undefined ? (
            <>
              <Input
                {...control}
                type="url"
                placeholder="https://…"
                value={url}
                onChange={({ target }) => onChange({ url: target.value })}
              />
              <ChooseFile onChange={onChange} />
            </>
          ) : (
            <ChosenFile id={control.id} file={file} onChange={onChange} />
          )}
        </div>
      )}
    </Field>
  );
}

const ChooseFile = ({ onChange }: Pick<DocumentFieldProps, 'onChange'>) => {
  const id = useId();
  return (
    <Button asChild>
      <label htmlFor={id} className="cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent">
        <Upload aria-hidden />
        File
        <input
          id={id}
          type="file"
          aria-label="Choose a document"
          className="sr-only"
          accept={ENDINGS.map((each) => `.${each}`).join(',')}
          onChange={({ target }) => onChange({ file: target.files?.[0] })}
        />
      </label>
    </Button>
  );
};

interface ChosenFileProps extends Pick<DocumentFieldProps, 'onChange'> {
  readonly id: string;
  readonly file: File;
}

const ChosenFile = ({ id, file, onChange }: ChosenFileProps) => (
  <>
    <span
      id={id}
      title={file.name}
      className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border border-line bg-sunken px-2.5 text-sm"
    >
      <FileText className="size-4 shrink-0 text-ink-3" aria-hidden />
      <span className="min-w-0 flex-1 truncate">{file.name}</span>
      <Bytes value={file.size} className="text-xs text-ink-3" />
    </span>
    <Button
      size="icon"
      aria-label="Take the document away"
      icon={<X aria-hidden />}
      onClick={() => onChange({ file: undefined })}
    />
  </>
);
