import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';

import { cx } from '../../lib/cx.ts';
import { Button } from './button.tsx';

const DONE_MS = 1500;

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who do not see it: `Copy the key`. */
  readonly label?: string;
  readonly className?: string;
}

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label = 'Copy', className }: CopyButtonProps) {
  const [isDone, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      setTimeout(() => setDone(false), DONE_MS);
    } catch {
      toast.error('The browser did not let the page use the clipboard. Select the text and copy it.');
    }
  };
  return (
    <Button
      variant="quiet"
      size="icon-sm"
      aria-label={isDone ? 'Copied' : label}
      className={className}
      icon={isDone ? <Check className="text-good" aria-hidden /> : <Copy aria-hidden />}
      onClick={() => void copy()}
    />
  );
}

export interface CodeBlockProps {
  readonly text: string;
  readonly label?: string;
  readonly wraps?: boolean;
  readonly className?: string;
}

/** Text as it is, to read and to copy: never as markup. */
export const CodeBlock = ({ text, label = 'Code', wraps = false, className }: CodeBlockProps) => (
  <div className={cx('flex min-w-0 items-start rounded-md border border-line bg-sunken', className)}>
    <pre
      // Scrolls by keyboard, too.
      tabIndex={0}
      role="region"
      aria-label={label}
      className={cx(
        'max-h-96 min-w-0 flex-1 overflow-auto rounded-md p-3 font-mono text-xs',
        wraps ? 'break-all whitespace-pre-wrap' : 'whitespace-pre',
      )}
    >
      {text}
    </pre>
    <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} className="m-1.5" />
  </div>
);
