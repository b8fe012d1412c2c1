import { Link } from '@tanstack/react-router';
import { Maximize2 } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { CallDetail } from './call-detail.tsx';
import { CopyMenu } from './copy-menu.tsx';

export interface CallSheetProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One call beside the log. */
export const CallSheet = ({ id, onClose }: CallSheetProps) => (
  <Sheet
    isOpen
    onClose={onClose}
    title="Call"
    size="lg"
    actions={
      <>
        <CopyMenu id={id} size="sm" />
        <Button asChild variant="quiet" size="icon-sm" aria-label="Open on a page of its own">
          <Link to="/traffic/$id" params={{ id } as never}>
            <Maximize2 aria-hidden />
          </Link>
        </Button>
      </>
    }
  >
    <CallDetail key={id} id={id} />
  </Sheet>
);
