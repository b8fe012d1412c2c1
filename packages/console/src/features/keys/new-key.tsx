import { Button } from '../../components/ui/button.tsx';
import { CodeBlock } from '../../components/ui/code.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import type { Answer } from '../../lib/api.ts';

export interface NewKeyProps {
  readonly made: Answer<'keys.create' | 'keys.rotate'>;
  readonly onClose: () => void;
}

/** The text of a new key, this once, and a request to try it with. */
export const NewKey = ({ made: { key }, onClose }: NewKeyProps) => (
  <Dialog
    isOpen
    onClose={onClose}
    title="Here is the key"
    description="Copy it now: only a hash of it is kept, and it is shown this once."
    footer={
      <Button variant="primary" onClick={onClose}>
        I have copied it
      </Button>
    }
  >
    <div className="grid gap-4">
      <CodeBlock text={key} label="The key" wraps />
      <CodeBlock text={tryIt(key)} label="A first request" />
    </div>
  </Dialog>
);

const tryIt = (key: string): string =>
  [
    `curl ${location.origin}/v1/chat/completions \\`,
    `  -H "Authorization: Bearer ${key}" -H 'Content-Type: application/json' \\`,
    `  -d '{"model":"simulator/echo","messages":[{"role":"user","content":"Hello"}]}'`,
  ].join('\n');
