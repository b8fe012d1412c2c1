import { Segments } from '../../components/ui/segments.tsx';
import { cx } from '../../lib/cx.ts';
import { columnsOf, hiddenUnless } from './lane-columns.ts';
import { ModelLane } from './model-lane.tsx';
import type { ListedModel } from './use-models.ts';

export interface LanesProps {
  readonly models: readonly ListedModel[];
  /** The chosen ones, one at least. */
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly onRemove: (lane: number) => void;
  /** True: an answer is on its way, and none may be taken away. */
  readonly isBusy: boolean;
  /** Which one is seen where there is room for one. */
  readonly shown: number;
  readonly onShow: (lane: number) => void;
}

/** The models that are talked to, beside one another; on a phone one of them at a time. */
export const Lanes = ({ models, chosen, onChange, onRemove, isBusy, shown, onShow }: LanesProps) => (
  <div className="grid gap-2">
    {chosen.length > 1 && (
      <Segments
        label="Model that is seen"
        className="w-fit @2xl:hidden"
        value={String(shown)}
        onChange={(lane) => onShow(Number(lane))}
        choices={chosen.map((model, lane) => ({ value: String(lane), label: `${lane + 1} ${shortName(model)}` }))}
      />
    )}
    <div className={cx('grid min-w-0 flex-1 gap-3', columnsOf(chosen.length), chosen.length === 1 && 'max-w-lg')}>
      {chosen.map((model, lane) => (
        <div key={lane} className={cx('min-w-0', hiddenUnless(lane === shown))}>
          <ModelLane
            label={chosen.length === 1 ? 'Model' : `Model ${lane + 1}`}
            models={models}
            value={model}
            onChange={(to) => onChange(chosen.map((each, of) => (of === lane ? to : each)))}
            {...(chosen.length > 1 && { onRemove: () => onRemove(lane), isKept: isBusy })}
          />
        </div>
      ))}
    </div>
  </div>
);

const shortName = (model: string): string => model.slice(model.lastIndexOf('/') + 1);
