import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import { cx } from '../../lib/cx.ts';
import type { Shown } from '../../lib/format.ts';
import { useIsDark } from '../../lib/theme.ts';

/** One line of a chart; `null` is a gap. */
export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly tone?: 'accent' | 'bad' | 'good' | 'warn' | 'muted';
  readonly kind?: 'line' | 'area' | 'bars';
}

export interface ChartProps {
  /** What it tells, for those who do not see it. */
  readonly label: string;
  /** Milliseconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly show: (value: number) => Shown;
  /** In pixels. */
  readonly height?: number;
  readonly className?: string;
}

const COLORS = { accent: '--accent', bad: '--bad', good: '--good', warn: '--warn', muted: '--ink-3' } as const;
const FONT = '11px "Inter Variable", system-ui, sans-serif';

/** Values over time, in the colours of the theme and as wide as its place. */
export function Chart({ label, times, series, show, height = 220, className }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  const isDark = useIsDark();
  const shape = series.map((each) => `${each.label}|${each.tone}|${each.kind}`).join();
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = new UPlot(
      optionsOf({ series, show, height, width: element.clientWidth }),
      dataOf(times, series),
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = undefined;
    };
    // The data has an effect of its own: a new point must not build the chart anew.
  }, [isDark, height, shape, show]);
  useEffect(() => chart.current?.setData(dataOf(times, series)), [times, series]);
  return (
    <div
      ref={place}
      role="img"
      aria-label={label}
      className={cx('chart numeric min-w-0', className)}
      style={{ minHeight: height }}
    />
  );
}

const dataOf = (times: readonly number[], series: readonly Series[]): UPlot.AlignedData => [
  times.map((ms) => ms / 1000),
  ...series.map(({ values }) => [...values]),
];

interface Look {
  readonly series: readonly Series[];
  readonly show: (value: number) => Shown;
  readonly width: number;
  readonly height: number;
}

function optionsOf({ series, show, width, height }: Look): UPlot.Options {
  const color = colorReader();
  const hasBars = series.some(({ kind }) => kind === 'bars');
  const axis: UPlot.Axis = {
    stroke: color('--ink-3'),
    font: FONT,
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  return {
    width,
    height,
    padding: [8, 14, 0, 0],
    legend: { show: series.length > 1, live: true },
    cursor: { points: { size: 7 }, drag: { x: false, y: false }, y: false },
    scales: {
      x: {
        range: (plot, from, to) => (hasBars && plot.data[0].length > 1 ? withRoom(plot.data[0], from, to) : [from, to]),
      },
      y: { range: (_, __, top) => [0, top > 0 ? top * 1.08 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 64, size: 38 },
      { ...axis, size: widthOf, space: 40, values: (_, splits) => splits.map((value) => show(value).text) },
    ],
    series: [
      { value: (_, seconds) => (seconds ? new Date(seconds * 1000).toLocaleString() : '') },
      ...series.map((each) => seriesOf(each, color(COLORS[each.tone ?? 'accent']), show)),
    ],
  };
}

/** Room for the longest value beside the axis, in pixels. */
const widthOf = (_: UPlot, values: readonly string[] | null): number =>
  14 + 7 * Math.max(2, ...(values ?? []).map((each) => each.length));

/** Half a bar at either end, so that the outermost ones are whole. */
function withRoom(times: ArrayLike<number>, from: number, to: number): [number, number] {
  const half = ((times[1] ?? 0) - (times[0] ?? 0)) / 2;
  return [from - half, to + half];
}

function seriesOf({ label, kind = 'line' }: Series, stroke: string, show: Look['show']): UPlot.Series {
  const paths = kind === 'bars' ? UPlot.paths.bars?.({ size: [0.7, 32], radius: 0.15 }) : UPlot.paths.spline?.();
  return {
    label,
    stroke,
    width: kind === 'bars' ? 0 : 1.5,
    ...(kind !== 'line' && { fill: kind === 'bars' ? stroke : withAlpha(stroke, 0.12) }),
    ...(paths !== undefined && { paths }),
    points: { show: false },
    value: (_, value) => (value === null ? '' : show(value).text),
  };
}

/** A canvas knows no variables: elements are asked what they are at the moment. */
function colorReader(): (name: string) => string {
  const colors = ['--ink-3', '--line', ...Object.values(COLORS)].map((name): readonly [string, string] => {
    // One for each: a colour that changes may take its time to.
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return [name, color];
  });
  const known = new Map(colors);
  return (name) => known.get(name) ?? 'gray';
}

const withAlpha = (color: string, alpha: number): string =>
  `color-mix(in oklab, ${color} ${alpha * 100}%, transparent)`;
