import { ChevronRight } from 'lucide-react';
import { useState } from 'react';

import { cx } from '../../lib/cx.ts';
import { CopyButton } from './code.tsx';

/** Longer texts and lists are shown in part until one asks for the rest: megabytes must not stop the page. */
const TEXT_SHOWN = 2000;
const MEMBERS_SHOWN = 100;
const OPEN_DEPTH = 2;

export interface JsonViewProps {
  readonly value: unknown;
  readonly label?: string;
  readonly className?: string;
}

/** A JSON value as a tree to open and close, and to copy. */
export const JsonView = ({ value, label = 'JSON', className }: JsonViewProps) => (
  <div className={cx('flex min-w-0 items-start rounded-md border border-line bg-sunken', className)}>
    <div
      tabIndex={0}
      role="region"
      aria-label={label}
      className="max-h-[32rem] min-w-0 flex-1 overflow-auto rounded-md p-3 font-mono text-xs"
    >
      <Node value={value} depth={0} />
    </div>
    <CopyButton text={JSON.stringify(value, null, 2) ?? ''} label={`Copy ${label}`} className="m-1.5" />
  </div>
);

interface NodeProps {
  readonly name?: string;
  readonly value: unknown;
  readonly depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  if (typeof value === 'object' && value !== null)
    return <Branch {...(name !== undefined && { name })} value={value} depth={depth} />;
  return (
    <div className="pl-4 break-words whitespace-pre-wrap">
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

const Name = ({ name }: { readonly name: string | undefined }) =>
  name === undefined ? null : <span className="text-ink-2">{name}: </span>;

function Branch({ name, value, depth }: NodeProps & { readonly value: object }) {
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH);
  const [shown, setShown] = useState(MEMBERS_SHOWN);
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  const [opens, closes] = isList ? ['[', ']'] : ['{', '}'];
  if (members.length === 0)
    return (
      <div className="pl-4">
        <Name name={name} />
        {opens}
        {closes}
      </div>
    );
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex items-center rounded text-left hover:bg-hover"
      >
        <ChevronRight
          className={cx('size-3.5 shrink-0 text-ink-3 transition-transform', isOpen && 'rotate-90')}
          aria-hidden
        />
        <span className="pl-0.5">
          <Name name={name} />
          {opens}
          {!isOpen && <span className="text-ink-3">{` ${members.length} ${closes}`}</span>}
        </span>
      </button>
      {isOpen && (
        <>
          <div className="ml-1.5 border-l border-line pl-2.5">
            {members.slice(0, shown).map(([key, member]) => (
              <Node key={key} {...(!isList && { name: key })} value={member} depth={depth + 1} />
            ))}
            {members.length > shown && (
              <button
                type="button"
                className="pl-4 text-accent hover:underline"
                onClick={() => setShown(shown + 10 * MEMBERS_SHOWN)}
              >
                {members.length - shown} more
              </button>
            )}
          </div>
          <div className="pl-4">{closes}</div>
        </>
      )}
    </div>
  );
}

function Leaf({ value }: { readonly value: unknown }) {
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== 'string') return <span className="text-accent">{String(value)}</span>;
  const text = isWhole ? value : value.slice(0, TEXT_SHOWN);
  return (
    <>
      <span className="text-good">{JSON.stringify(text)}</span>
      {text.length < value.length && (
        <button type="button" className="text-accent hover:underline" onClick={() => setWhole(true)}>
          {` … ${(value.length - text.length).toLocaleString()} more characters`}
        </button>
      )}
    </>
  );
}
