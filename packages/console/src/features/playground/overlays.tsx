import { CodeDialog } from './code-dialog.tsx';
import { SavedSheet } from './saved/saved-sheet.tsx';
import type { Keeping } from './saved/use-keeping.ts';
import { ShareDialog } from './share/share-dialog.tsx';
import type { Playground } from './use-playground.ts';

/** What may stand in front of the page. */
export type Overlay = 'code' | 'share' | 'saved';

export interface OverlaysProps {
  readonly overlay: Overlay | undefined;
  readonly playground: Playground;
  /** Whose conversation is seen. */
  readonly lane: number;
  readonly keeping: Keeping;
  readonly onClose: () => void;
}

/** The one thing in front of the page, if any. */
export function Overlays({ overlay, playground: { setup, chat, kept }, lane, keeping, onClose }: OverlaysProps) {
  switch (overlay) {
    case undefined:
      return null;
    case 'code':
      return <CodeDialog setup={setup} turns={chat.turns} lane={lane} onClose={onClose} />;
    case 'share':
      return <ShareDialog chat={kept} onClose={onClose} />;
    case 'saved':
      return (
        <SavedSheet
          saved={keeping.saved}
          onOpen={(chosen) => {
            keeping.open(chosen);
            onClose();
          }}
          onClose={onClose}
        />
      );
  }
}
