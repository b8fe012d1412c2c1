import { Dialog } from '../components/ui/dialog.tsx';
import { Kbd, modKey } from '../components/ui/kbd.tsx';
import { useSession } from '../lib/use-session.ts';
import { ALL_SECTIONS, visible } from './sections.ts';

const GENERAL: readonly (readonly [readonly string[], string])[] = [
  [[modKey(), 'K'], 'Go to a page or do something'],
  [['?'], 'This help'],
  [['Esc'], 'Close what is in front'],
];

const LISTS: readonly (readonly [readonly string[], string])[] = [
  [['↓', '↑'], 'Next and previous row, also j and k'],
  [['Enter'], 'Open the row'],
  [['Home', 'End'], 'First and last row'],
];

/** Every key that does something. */
export function ShortcutsHelp({ onClose }: { readonly onClose: () => void }) {
  const { permissions } = useSession();
  const pages = visible(ALL_SECTIONS, permissions).map(({ key, label }) => [['g', key], label] as const);
  return (
    <Dialog isOpen onClose={onClose} title="Keyboard shortcuts" size="lg">
      <div className="grid gap-x-10 gap-y-6 sm:grid-cols-2">
        <Keys title="Go to" rows={pages} />
        <div className="grid content-start gap-6">
          <Keys title="Everywhere" rows={GENERAL} />
          <Keys title="In lists" rows={LISTS} />
        </div>
      </div>
    </Dialog>
  );
}

interface KeysProps {
  readonly title: string;
  readonly rows: readonly (readonly [readonly string[], string])[];
}

const Keys = ({ title, rows }: KeysProps) => (
  <section>
    <h3 className="mb-1 text-xs font-medium text-ink-3">{title}</h3>
    <dl>
      {rows.map(([keys, meaning]) => (
        <div
          key={meaning}
          className="flex items-center justify-between gap-4 border-b border-line py-1.5 last:border-0"
        >
          <dt className="order-2 flex shrink-0 gap-1">
            {keys.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  </section>
);
