/** A number that is looked up when someone asks for it. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  /** Fixed ones; none by default. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly read: () => number;
}

/** Series a metric may have; the rest is counted together, so that no mistake can grow memory without end. */
const SERIES_MAX = 1000;
const OTHER = 'other';

/** Series by the first of their labels, each with those by the next one: to find one, no text need be put together. */
interface Branch<Value> {
  readonly next: Map<string, Branch<Value>>;
  value: Value | undefined;
}

const newBranch = <Value>(): Branch<Value> => ({ next: new Map(), value: undefined });

/** Values of a metric by their labels. */
abstract class Family<Value> {
  readonly #series: { readonly labels: readonly string[]; readonly value: Value }[] = [];
  readonly #root = newBranch<Value>();
  readonly #head: string;
  protected readonly name: string;
  readonly #labels: readonly string[];

  constructor(name: string, help: string, type: string, labels: readonly string[]) {
    this.name = name;
    this.#labels = labels;
    this.#head = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  }

  protected abstract fresh(): Value;
  protected abstract lines(labels: string, value: Value): string;

  protected of(labels: readonly string[]): Value {
    let branch = this.#root;
    for (const label of labels) {
      const next = branch.next.get(label);
      if (next === undefined) return this.#add(labels);
      branch = next;
    }
    return branch.value ?? this.#add(labels);
  }

  #add(labels: readonly string[]): Value {
    if (this.#series.length >= SERIES_MAX && labels.some((label) => label !== OTHER)) {
      return this.of(labels.map(() => OTHER));
    }
    let branch = this.#root;
    for (const label of labels) {
      const next = branch.next.get(label) ?? newBranch<Value>();
      branch.next.set(label, next);
      branch = next;
    }
    const value = this.fresh();
    branch.value = value;
    this.#series.push({ labels, value });
    return value;
  }

  /** This metric as Prometheus text (exposition format 0.0.4). */
  render(): string {
    let text = this.#head;
    for (const { labels, value } of this.#series) {
      const pairs = this.#labels.map((name, index) => `${name}="${escaped(labels[index] ?? '')}"`);
      text += this.lines(pairs.join(','), value);
    }
    return text;
  }
}

/** A number that only grows. */
export class Counter extends Family<{ count: number }> {
  constructor(name: string, help: string, labels: readonly string[]) {
    super(name, help, 'counter', labels);
  }

  /** Adds `amount`; what is no number above zero is left out, for one such would spoil the sum for good. */
  add(labels: readonly string[], amount: number): void {
    if (amount > 0 && Number.isFinite(amount)) this.of(labels).count += amount;
  }

  protected fresh(): { count: number } {
    return { count: 0 };
  }

  protected lines(labels: string, { count }: { count: number }): string {
    return `${this.name}{${labels}} ${count}\n`;
  }
}

interface Buckets {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** How often values fell under each bound. */
export class Histogram extends Family<Buckets> {
  readonly #bounds: readonly number[];

  /** `bounds` ascend. */
  constructor(name: string, help: string, labels: readonly string[], bounds: readonly number[]) {
    super(name, help, 'histogram', labels);
    this.#bounds = bounds;
  }

  observe(labels: readonly string[], value: number): void {
    if (!Number.isFinite(value)) return;
    const buckets = this.of(labels);
    let at = 0;
    while (at < this.#bounds.length && value > (this.#bounds[at] as number)) at += 1;
    if (at < this.#bounds.length) buckets.counts[at] = (buckets.counts[at] ?? 0) + 1;
    buckets.sum += value;
    buckets.count += 1;
  }

  protected fresh(): Buckets {
    return { counts: this.#bounds.map(() => 0), sum: 0, count: 0 };
  }

  protected lines(labels: string, { counts, sum, count }: Buckets): string {
    let below = 0;
    const buckets = this.#bounds.map((bound, at) => {
      below += counts[at] ?? 0;
      return `${this.name}_bucket{${labels},le="${bound}"} ${below}\n`;
    });
    return `${buckets.join('')}${this.name}_bucket{${labels},le="+Inf"} ${count}\n${this.name}_sum{${labels}} ${sum}\n${this.name}_count{${labels}} ${count}\n`;
  }
}

/** One number, with fixed labels if it has any. */
export function renderGauge({ name, help, type, labels = {}, read }: Gauge): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  const series = pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name;
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${series} ${numeral(read())}\n`;
}

const numeral = (value: number): string => String(value).replace('Infinity', 'Inf');

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
