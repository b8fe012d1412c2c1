import { PackageOpen } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useDownload } from '../../lib/use-download.ts';

/** Downloads what helps others to find out what is wrong, after it was said what that is. */
export function SupportBundle() {
  const [isOpen, setOpen] = useState(false);
  const download = useDownload('debug.supportBundle');
  const close = (): void => {
    download.reset();
    setOpen(false);
  };
  const run = (): void =>
    download.mutate(undefined, {
      onSuccess: (name) => {
        toast.success(`${name} was downloaded.`);
        close();
      },
    });
  return (
    <>
      <Button icon={<PackageOpen aria-hidden />} onClick={() => setOpen(true)}>
        <span className="max-sm:sr-only">Support bundle</span>
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={close}
        title="Download a support bundle"
        description="A ZIP archive for whoever helps you: it tells how this gateway is set up and how it fares."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" isBusy={download.isPending} onClick={run}>
              Download
            </Button>
          </>
        }
      >
        <div className="grid gap-3 text-sm text-ink-2">
          <p>
            It holds the settings, what the doctor finds, health, providers and models, the latest calls and traces, and
            the end of the log. Keys, passwords and the words of prompts and answers are left out. Look through it
            before you hand it on.
          </p>
          <FormError message={download.error === null ? undefined : failureOf(download.error).message} />
        </div>
      </Dialog>
    </>
  );
}
