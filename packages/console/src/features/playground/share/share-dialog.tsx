import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';

import { CopyButton } from '../../../components/ui/code.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { ErrorState, Skeleton } from '../../../components/ui/states.tsx';
import { Num } from '../../../components/ui/values.tsx';
import type { KeptChat } from './kept-chat.ts';
import { LINK_CHARS_MAX, linkOf, type ChatLink } from './link.ts';

/** Programs for mail and talk cut what is much longer than this. */
const LONG_CHARS = 8000;

export interface ShareDialogProps {
  readonly chat: KeptChat;
  readonly onClose: () => void;
}

/** A link that holds the chat itself. */
export function ShareDialog({ chat, onClose }: ShareDialogProps) {
  const id = useId();
  const { data, error } = useQuery({
    queryKey: ['playground-link', id],
    queryFn: () => linkOf(chat, `${location.origin}/playground`),
    gcTime: 0,
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Share by link"
      description="The link itself holds questions, answers, system prompt, parameters and tools, and no key. It lies behind the #, which browsers send to no server. Whoever has it can read it all."
    >
      {data === undefined && error === null && <Skeleton className="h-8" />}
      {error !== null && <ErrorState error={error} />}
      {data !== undefined && <Link link={data} />}
    </Dialog>
  );
}

const Link = ({ link: { address, leftOut } }: { readonly link: ChatLink }) =>
  address.length > LINK_CHARS_MAX ? (
    <p role="alert" className="text-sm text-bad">
      The chat is too long for a link. Save it on this browser instead.
    </p>
  ) : (
    <div className="grid gap-2">
      <div className="flex items-center gap-1">
        <Input
          readOnly
          aria-label="Link"
          value={address}
          className="font-mono"
          onFocus={({ target }) => target.select()}
        />
        <CopyButton text={address} label="Copy the link" />
      </div>
      <p className="text-xs text-ink-3">
        <Num value={address.length} /> characters.
        {address.length > LONG_CHARS && ' Some programs for mail and talk cut links that are so long.'}
      </p>
      {leftOut.length > 0 && (
        <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-xs break-words text-warn">
          Too large for a link, and left out: {leftOut.join(', ')}.
        </p>
      )}
    </div>
  );
