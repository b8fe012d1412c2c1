import { Button } from '../../components/ui/button.tsx';

export interface UndoLineProps {
  /** What was taken away. */
  readonly name: string;
  readonly onUndo: () => void;
}

/** The way back of a removal, where it happened: messages of the page lie out of reach behind a drawer. */
export const UndoLine = ({ name, onUndo }: UndoLineProps) => (
  <p role="status" className="flex min-w-0 items-center gap-2 rounded-md bg-sunken py-1 pr-1 pl-2.5 text-xs text-ink-2">
    <span className="min-w-0 flex-1 truncate">
      <bdi>{name}</bdi> was removed.
    </span>
    <Button size="sm" onClick={onUndo}>
      Undo
    </Button>
  </p>
);
