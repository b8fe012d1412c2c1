import { cx } from '../../lib/cx.ts';

export interface SparklineProps {
  readonly values: readonly number[];
  /** What it tells: `Requests by hour`. */
  readonly label: string;
  readonly tone?: 'accent' | 'bad';
  readonly className?: string;
}

const [WIDTH, HEIGHT, PAD] = [100, 28, 2];

/** The course of a figure in a word's room. It begins at zero and is as wide as it is let. */
export function Sparkline({ values, label, tone = 'accent', className }: SparklineProps) {
  if (values.length < 2) return null;
  const top = Math.max(...values, 1e-9);
  const points = values.map((value, at) => {
    const x = (at / (values.length - 1)) * WIDTH;
    const y = HEIGHT - PAD - (Math.max(0, value) / top) * (HEIGHT - 2 * PAD);
    return `${x.toFixed(2)},${y.toFixed(2)}`;
  });
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={cx('h-7 w-24 overflow-visible', tone === 'bad' ? 'text-bad' : 'text-accent', className)}
    >
      <polygon points={`0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`} className="fill-current opacity-10" />
      <polyline
        points={points.join(' ')}
        vectorEffect="non-scaling-stroke"
        className="fill-none stroke-current stroke-[1.5]"
        strokeLinejoin="round"
      />
    </svg>
  );
}
