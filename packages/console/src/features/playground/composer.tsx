import { Paperclip, SendHorizontal, Square } from 'lucide-react';
import { useRef, type RefObject } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Textarea } from '../../components/ui/input.tsx';
import { Kbd, modKey } from '../../components/ui/kbd.tsx';
import { cx } from '../../lib/cx.ts';
import { AttachmentStrip } from './attachments/attachment-strip.tsx';
import { ACCEPTED, LIMIT_WORDS } from './attachments/attachment.ts';
import type { Attachments } from './attachments/use-attachments.ts';
import { useDrop } from './attachments/use-drop.ts';

export interface ComposerProps {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly attachments: Attachments;
  readonly onSend: () => void;
  readonly onStop: () => void;
  readonly isBusy: boolean;
  /** Why nothing can be sent now. */
  readonly faults: readonly string[];
  /** What may go wrong, and does not hinder. */
  readonly note: string | undefined;
}

/** The question to come: ⌘ or Ctrl with Enter sends it, Escape stops the answer; files are chosen, dropped or pasted. */
export function Composer(props: ComposerProps) {
  const { box, text, onChange, attachments, onSend, onStop, isBusy, faults, note } = props;
  const drop = useDrop(attachments.add);
  return (
    <form
      aria-label="Question"
      className={cx(
        'flex flex-col gap-2 rounded-lg border bg-surface p-2 shadow-rest',
        drop.isOver ? 'border-accent' : 'border-line',
      )}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
      {...drop.handlers}
    >
      {attachments.list.length > 0 && <AttachmentStrip attachments={attachments.list} onRemove={attachments.remove} />}
      <Textarea
        ref={box}
        aria-label="Message"
        placeholder="Ask something…"
        className="max-h-64 min-h-16 resize-y text-base"
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0) return;
          event.preventDefault();
          attachments.add(files);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && isBusy) onStop();
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
          event.preventDefault();
          onSend();
        }}
      />
      <Remarks faults={[...attachments.refusals, ...faults]} note={note} />
      <div className="flex min-h-8 items-center gap-3">
        <FileButton onFiles={attachments.add} />
        <p className="min-w-0 flex-1 truncate text-xs text-ink-3 max-sm:hidden">
          <Kbd>{modKey()}</Kbd> <Kbd>Enter</Kbd> sends; calls count and are logged as yours.
        </p>
        <SendButton
          isBusy={isBusy}
          isReady={(text.trim() !== '' || attachments.list.length > 0) && faults.length === 0}
          onStop={onStop}
        />
      </div>
    </form>
  );
}

const Remarks = ({ faults, note }: Pick<ComposerProps, 'faults' | 'note'>) => (
  <>
    {faults.length > 0 && (
      <ul role="alert" className="grid gap-0.5 text-xs break-words text-bad">
        {faults.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    )}
    {note !== undefined && (
      <p role="status" className="text-xs break-words text-ink-3">
        {note}
      </p>
    )}
  </>
);

function FileButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label="Choose files"
        accept={ACCEPTED}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // Else the same file could not be chosen once more.
          target.value = '';
        }}
      />
      <Button
        variant="quiet"
        size="icon"
        aria-label="Attach files"
        title={`Attach, drop or paste files. ${LIMIT_WORDS}`}
        icon={<Paperclip aria-hidden />}
        onClick={() => chooser.current?.click()}
      />
      <span className="min-w-0 flex-1 text-2xs text-ink-3 sm:hidden">{LIMIT_WORDS}</span>
    </>
  );
}

interface SendButtonProps {
  readonly isBusy: boolean;
  readonly isReady: boolean;
  readonly onStop: () => void;
}

const SendButton = ({ isBusy, isReady, onStop }: SendButtonProps) =>
  isBusy ? (
    <Button icon={<Square aria-hidden />} onClick={onStop}>
      Stop
    </Button>
  ) : (
    <Button type="submit" variant="primary" icon={<SendHorizontal aria-hidden />} disabled={!isReady}>
      Send
    </Button>
  );
