import { FolderOpen } from 'lucide-react';
import { useRef } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';

/** Larger ones the gateway would refuse. */
const BYTES_MAX = 100 * 1024 * 1024;

export interface FilePickerProps {
  readonly label: string;
  readonly hint: string;
  /** Endings that the browser offers: `.json,.yaml`. */
  readonly accept: string;
  /** Name of the file that was chosen. */
  readonly name: string | undefined;
  readonly onRead: (file: { readonly name: string; readonly text: string }) => void;
}

/** A file of text from the viewer's own machine. */
export function FilePicker({ label, hint, accept, name, onRead }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > BYTES_MAX) return void toast.error(`${file.name} is larger than 100 MB.`);
    try {
      onRead({ name: file.name, text: await file.text() });
    } catch {
      toast.error(`${file.name} could not be read.`);
    }
  };
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <div className="flex items-center gap-3">
          <input
            {...control}
            ref={input}
            type="file"
            accept={accept}
            className="sr-only"
            onChange={({ target }) => {
              void read(target.files?.[0]);
              // The same file can be chosen again once it was changed.
              target.value = '';
            }}
          />
          <Button icon={<FolderOpen aria-hidden />} onClick={() => input.current?.click()}>
            Choose a file
          </Button>
          <span className="min-w-0 flex-1 truncate text-sm text-ink-2">{name ?? 'none chosen'}</span>
        </div>
      )}
    </Field>
  );
}
