import { X } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Combobox } from '../../components/ui/combobox.tsx';
import { abilitiesOf, factsOf } from './model-words.ts';
import type { ListedModel } from './use-models.ts';

export interface ModelLaneProps {
  readonly label: string;
  readonly models: readonly ListedModel[];
  readonly value: string;
  readonly onChange: (model: string) => void;
  /** Takes it away; absent for the one that must stay. */
  readonly onRemove?: () => void;
  /** True: it must not be taken away just now. */
  readonly isKept?: boolean;
}

/** Chooses a model and says what is known of it. */
export function ModelLane({ label, models, value, onChange, onRemove, isKept = false }: ModelLaneProps) {
  const chosen = models.find(({ id }) => id === value);
  const facts = chosen === undefined ? 'Not in the list of models' : wordsOf(chosen);
  return (
    <div className="min-w-0">
      <div className="flex items-center gap-1">
        <Combobox
          aria-label={label}
          value={value}
          onChange={onChange}
          choices={choicesOf(models, value)}
          className="min-w-0 font-medium"
        />
        {onRemove !== undefined && (
          <Button
            variant="quiet"
            size="icon"
            aria-label={`Remove ${value}`}
            icon={<X aria-hidden />}
            disabled={isKept}
            onClick={onRemove}
          />
        )}
      </div>
      <p className="numeric mt-1 truncate px-0.5 text-xs text-ink-3" title={facts}>
        {facts}
      </p>
    </div>
  );
}

const wordsOf = (model: ListedModel): string =>
  [model.owned_by, factsOf(model), abilitiesOf(model)].filter((words) => words !== '').join(' · ');

/** All of the list, and what a link names although it is not there. */
const choicesOf = (models: readonly ListedModel[], value: string) => [
  ...(models.some(({ id }) => id === value) ? [] : [{ value, label: value }]),
  ...models.map((model) => ({ value: model.id, label: model.id, hint: factsOf(model) })),
];
