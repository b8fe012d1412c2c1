import { Bookmark, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../../components/ui/button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Sheet } from '../../../components/ui/sheet.tsx';
import { EmptyState, ErrorState, WaitingLines } from '../../../components/ui/states.tsx';
import { Time } from '../../../components/ui/values.tsx';
import { UndoLine } from '../undo-line.tsx';
import type { SavedChat } from './chat-store.ts';
import type { Saved } from './use-saved.ts';

export interface SavedSheetProps {
  readonly saved: Saved;
  readonly onOpen: (chat: SavedChat) => void;
  readonly onClose: () => void;
}

/** Chats that were saved on this browser: to open, to rename, to delete. */
export function SavedSheet({ saved, onOpen, onClose }: SavedSheetProps) {
  const { data, error, refetch } = saved.query;
  const [removed, setRemoved] = useState<SavedChat>();
  return (
    <Sheet isOpen onClose={onClose} title="Saved chats">
      {data === undefined && error === null && <WaitingLines lines={3} />}
      {removed !== undefined && (
        <div className="px-4 pt-3">
          <UndoLine
            name={removed.name}
            onUndo={() => {
              setRemoved(undefined);
              void saved.put(removed);
            }}
          />
        </div>
      )}
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && (
        <EmptyState icon={Bookmark} title="Nothing saved yet">
          Save a chat, and it waits here on this browser: it goes to no server, and nobody else who signs in sees it.
        </EmptyState>
      )}
      {data !== undefined && data.length > 0 && (
        <ul className="grid divide-y divide-line">
          {data.map((chat) => (
            <SavedRow
              key={chat.id}
              saved={chat}
              onOpen={() => onOpen(chat)}
              onRename={(name) => void saved.put({ ...chat, name })}
              onRemove={() => {
                setRemoved(chat);
                void saved.remove(chat);
              }}
            />
          ))}
        </ul>
      )}
    </Sheet>
  );
}

interface SavedRowProps {
  readonly saved: SavedChat;
  readonly onOpen: () => void;
  readonly onRename: (name: string) => void;
  readonly onRemove: () => void;
}

function SavedRow({ saved, onOpen, onRename, onRemove }: SavedRowProps) {
  const [name, setName] = useState<string>();
  if (name !== undefined)
    return (
      <li className="px-4 py-2.5">
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') onRename(name.trim());
            setName(undefined);
          }}
        >
          <Input
            aria-label="Name"
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              // It leaves the name, and not the list.
              event.stopPropagation();
              setName(undefined);
            }}
          />
          <Button type="submit">Rename</Button>
        </form>
      </li>
    );
  return (
    <li className="flex items-center gap-1 py-1.5 pr-2.5 pl-2">
      <button type="button" className="min-w-0 flex-1 rounded-md px-2 py-1 text-left hover:bg-hover" onClick={onOpen}>
        <bdi className="block truncate text-sm font-medium">{saved.name}</bdi>
        <span className="block truncate text-xs text-ink-3">
          <Time at={saved.savedAtMs} /> · {saved.chat.models.join(', ')}
        </span>
      </button>
      <Button
        variant="quiet"
        size="icon-sm"
        aria-label={`Rename ${saved.name}`}
        icon={<Pencil aria-hidden />}
        onClick={() => setName(saved.name)}
      />
      <Button
        variant="quiet"
        size="icon-sm"
        aria-label={`Delete ${saved.name}`}
        icon={<Trash2 aria-hidden />}
        onClick={onRemove}
      />
    </li>
  );
}
