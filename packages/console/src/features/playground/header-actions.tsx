import { Bookmark, Code, Link2, Plus, SlidersHorizontal, SquarePen } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';

export interface HeaderActionsProps {
  readonly isSet: boolean;
  /** How many parameters and tools are set. */
  readonly count: number;
  readonly isEmpty: boolean;
  /** Puts another model beside; absent where there are as many as can stand there. */
  readonly onAdd: (() => void) | undefined;
  readonly onSet: () => void;
  readonly onCode: () => void;
  readonly onShare: () => void;
  readonly onSave: () => void;
  readonly onSaved: () => void;
  readonly onNew: () => void;
}

/** What can be done with the whole chat. */
export const HeaderActions = (props: HeaderActionsProps) => (
  <>
    {props.onAdd !== undefined && (
      <Button icon={<Plus aria-hidden />} title="Compare with another model" onClick={props.onAdd}>
        <span className="max-sm:sr-only">Add a model</span>
      </Button>
    )}
    <Button icon={<SlidersHorizontal aria-hidden />} aria-expanded={props.isSet} onClick={props.onSet}>
      <span className="max-sm:sr-only">Parameters</span>
      {props.count > 0 && (
        <span className="numeric rounded bg-accent-soft px-1 text-xs text-accent">
          {props.count}
          <span className="sr-only"> set</span>
        </span>
      )}
    </Button>
    <Button icon={<Code aria-hidden />} onClick={props.onCode}>
      <span className="max-sm:sr-only">Code</span>
    </Button>
    <Button icon={<Link2 aria-hidden />} disabled={props.isEmpty} onClick={props.onShare}>
      <span className="max-sm:sr-only">Share</span>
    </Button>
    <Menu
      trigger={
        <Button icon={<Bookmark aria-hidden />}>
          <span className="max-sm:sr-only">Saved</span>
        </Button>
      }
      groups={[
        [
          { label: 'Save this chat', onSelect: props.onSave, isDisabled: props.isEmpty },
          { label: 'Saved chats…', onSelect: props.onSaved },
        ],
      ]}
    />
    <Button icon={<SquarePen aria-hidden />} disabled={props.isEmpty} onClick={props.onNew}>
      <span className="max-sm:sr-only">New chat</span>
    </Button>
  </>
);
