import { ArrowDown, ArrowUp, GalleryVerticalEnd, Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import type { Answer } from '../../lib/api.ts';

/** A title with a name of its own, so that it stays itself while it is moved. */
export interface Title {
  readonly id: number;
  readonly text: string;
}

const TITLES_MAX = 50;

export interface OutlineCardProps {
  readonly titles: readonly Title[];
  readonly citations: Answer<'generation.outline'>['citations'];
  readonly isBusy: boolean;
  readonly isHeld: boolean;
  /** How many titles are still to come; nothing can be changed before. */
  readonly missing: number;
  readonly failure: ReactNode;
  readonly onChange: (titles: readonly Title[]) => void;
  readonly onSubmit: () => void;
}

/** The titles, to be changed, moved, added and taken away before slides are made of them. */
export function OutlineCard(props: OutlineCardProps) {
  const { titles, citations, isBusy, isHeld, missing, failure, onChange, onSubmit } = props;
  const add = (): void => onChange([...titles, { id: Math.max(0, ...titles.map(({ id }) => id)) + 1, text: '' }]);
  const move = (from: number, to: number): void => {
    const moved = titles[from];
    if (moved !== undefined) onChange(titles.toSpliced(from, 1).toSpliced(to, 0, moved));
  };
  const isUsable = titles.length > 0 && titles.every(({ text }) => text.trim() !== '');
  return (
    <Card title="Outline" hint="step 2: change it as you like">
      <fieldset className="grid min-w-0 gap-4" disabled={isHeld}>
        <ol className="grid gap-2">
          {titles.map((title, at) => (
            <TitleRow
              key={title.id}
              number={at + 1}
              text={title.text}
              isLast={at === titles.length - 1}
              onChange={(text) => onChange(titles.with(at, { ...title, text }))}
              onMove={(by) => move(at, at + by)}
              onRemove={() => onChange(titles.toSpliced(at, 1))}
            />
          ))}
          {Array.from({ length: missing }, (_, at) => (
            <li key={`missing ${at}`}>
              <Skeleton className="h-8 w-full" />
            </li>
          ))}
        </ol>
        {citations !== undefined && citations.length > 0 && <Sources citations={citations} />}
        {failure}
        <div className="flex flex-wrap items-center gap-2">
          <Button icon={<Plus aria-hidden />} disabled={titles.length >= TITLES_MAX} onClick={add}>
            Add a title
          </Button>
          <Button
            className="ml-auto"
            icon={<GalleryVerticalEnd aria-hidden />}
            isBusy={isBusy}
            disabled={!isUsable}
            onClick={onSubmit}
          >
            {isBusy ? 'Making the slides…' : 'Make the slides'}
          </Button>
        </div>
        {!isUsable && missing === 0 && (
          <p className="text-xs text-ink-3">Slides need at least one title, and none may be empty.</p>
        )}
      </fieldset>
    </Card>
  );
}

interface TitleRowProps {
  readonly number: number;
  readonly text: string;
  readonly isLast: boolean;
  readonly onChange: (text: string) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

const TitleRow = ({ number, text, isLast, onChange, onMove, onRemove }: TitleRowProps) => (
  <li className="flex items-center gap-1">
    <span className="numeric w-6 shrink-0 text-right text-xs text-ink-3" aria-hidden>
      {number}
    </span>
    <Input
      className="mx-1"
      aria-label={`Title ${number}`}
      maxLength={500}
      value={text}
      onChange={({ target }) => onChange(target.value)}
    />
    <Button
      variant="quiet"
      size="icon-sm"
      aria-label={`Move title ${number} up`}
      disabled={number === 1}
      icon={<ArrowUp aria-hidden />}
      onClick={() => onMove(-1)}
    />
    <Button
      variant="quiet"
      size="icon-sm"
      aria-label={`Move title ${number} down`}
      disabled={isLast}
      icon={<ArrowDown aria-hidden />}
      onClick={() => onMove(1)}
    />
    <Button
      variant="danger-quiet"
      size="icon-sm"
      aria-label={`Take title ${number} away`}
      icon={<Trash2 aria-hidden />}
      onClick={onRemove}
    />
  </li>
);

type Citations = NonNullable<OutlineCardProps['citations']>;

const Sources = ({ citations }: { readonly citations: Citations }) => (
  <p className="text-xs break-words text-ink-3">
    Made from {citations.map(({ id, page }) => (page === undefined ? id : `page ${page}`)).join(', ')} of the document.
  </p>
);
