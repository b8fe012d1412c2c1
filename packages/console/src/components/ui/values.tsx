import { cx } from '../../lib/cx.ts';
import {
  showAgo,
  showBytes,
  showCount,
  showDuration,
  showNanoUsd,
  showShare,
  showTime,
  showUsd,
  type Shown,
} from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';

type Maybe = number | undefined | null;

const Value = ({ shown, className }: { readonly shown: Shown; readonly className?: string | undefined }) => (
  <span className={cx('numeric whitespace-nowrap', className)} title={shown.exact}>
    {shown.text}
  </span>
);

interface Props {
  readonly value: Maybe;
  readonly className?: string;
}

/** A count; the exact one on hover. */
export const Num = ({ value, className }: Props) => <Value shown={showCount(value)} className={className} />;

/** Tokens; the exact count on hover. */
export const Tokens = Num;

/** US dollars; to the nano-dollar on hover. */
export const Money = ({ value, className }: Props) => <Value shown={showUsd(value)} className={className} />;

/** US dollars that are known in billionths. */
export const NanoMoney = ({ value, className }: { readonly value: bigint | Maybe; readonly className?: string }) => (
  <Value shown={showNanoUsd(value)} className={className} />
);

/** A span given in milliseconds. */
export const Duration = ({ value, className }: Props) => <Value shown={showDuration(value)} className={className} />;

/** A size given in bytes. */
export const Bytes = ({ value, className }: Props) => <Value shown={showBytes(value)} className={className} />;

/** A share from 0 to 1. */
export const Share = ({ value, className }: Props) => <Value shown={showShare(value)} className={className} />;

interface TimeProps {
  readonly at: string | number | undefined | null;
  /** True: how long ago, renewed as time goes by. */
  readonly isAge?: boolean;
  readonly className?: string;
}

/** A point in time in the viewer's zone; to the millisecond and in UTC on hover. */
export const Time = ({ isAge = false, ...rest }: TimeProps) =>
  // What is no age stays as it is: a long list of them would run a clock for each.
  isAge ? <Age {...rest} /> : <Point {...rest} shown={showTime(rest.at, Date.now())} />;

type PointProps = Omit<TimeProps, 'isAge'>;

const Age = (props: PointProps) => <Point {...props} shown={showAgo(props.at, useNow())} />;

function Point({ at, className, shown: { text, exact } }: PointProps & { readonly shown: Shown }) {
  if (exact === undefined) return <span className={className}>{text}</span>;
  return (
    <time
      className={cx('numeric whitespace-nowrap', className)}
      dateTime={new Date(at ?? 0).toISOString()}
      title={exact}
    >
      {text}
    </time>
  );
}
