import { SendHorizontal, Square } from 'lucide-react';
import type { RefObject } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Textarea } from '../../components/ui/input.tsx';
import { Kbd, modKey } from '../../components/ui/kbd.tsx';

export interface ComposerProps {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onSend: () => void;
  readonly onStop: () => void;
  readonly isBusy: boolean;
  /** Why nothing can be sent now. */
  readonly fault: string | undefined;
}

/** The question to come: ⌘ or Ctrl with Enter sends it, Escape stops the answer. */
export const Composer = ({ box, text, onChange, onSend, onStop, isBusy, fault }: ComposerProps) => (
  <form
    className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-2 shadow-rest"
    onSubmit={(event) => {
      event.preventDefault();
      onSend();
    }}
  >
    <Textarea
      ref={box}
      aria-label="Message"
      placeholder="Ask something…"
      className="max-h-64 min-h-16 resize-y text-base"
      value={text}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && isBusy) onStop();
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        onSend();
      }}
    />
    <div className="flex min-h-8 items-center gap-3">
      <p className="min-w-0 flex-1 truncate text-xs text-ink-3">
        {fault ?? (
          <>
            <Kbd>{modKey()}</Kbd> <Kbd>Enter</Kbd> sends
            <span className="max-sm:hidden">; calls count and are logged as yours</span>.
          </>
        )}
      </p>
      {isBusy ? (
        <Button icon={<Square aria-hidden />} onClick={onStop}>
          Stop
        </Button>
      ) : (
        <Button
          type="submit"
          variant="primary"
          icon={<SendHorizontal aria-hidden />}
          disabled={text.trim() === '' || fault !== undefined}
        >
          Send
        </Button>
      )}
    </div>
  </form>
);
