import assert from 'node:assert/strict';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly samples: Sample[];
}

/** Families of metrics by their names. */
export type Exposition = ReadonlyMap<string, Family>;

const HELP = /^# HELP ([a-zA-Z_:][\w:]*) [^\n]+$/;
const TYPE = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
const VALUE = /^(?:[+-]Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** Reads Prometheus text (exposition format 0.0.4) and fails on everything a strict server could stumble over. */
export function parseExposition(text: string): Exposition {
  assert.ok(text.endsWith('\n'), 'the last line does not end');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let name = '';
  let helped = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = HELP.exec(line);
    const type = TYPE.exec(line);
    if (help !== null) helped = help[1] as string;
    else if (type !== null) {
      name = type[1] as string;
      assert.equal(helped, name, `${name} has no help directly above its type`);
      assert.ok(!families.has(name), `${name} stands twice`);
      families.set(name, { type: type[2] as string, samples: [] });
    } else {
      const family = families.get(name);
      const sample = readSample(line);
      assert.ok(family !== undefined && belongs(sample.name, name, family.type), `${line} stands outside its family`);
      const series = JSON.stringify([sample.name, sample.labels]);
      assert.ok(!seen.has(series), `${line} stands twice`);
      seen.add(series);
      family.samples.push(sample);
    }
  }
  for (const [each, { type, samples }] of families) if (type === 'histogram') checkHistogram(each, samples);
  return families;
}

const belongs = (sample: string, family: string, type: string): boolean =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].some((end) => sample === family + end) : sample === family;

function readSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? assert.fail(`no sample: ${line}`);
  assert.match(value, VALUE, line);
  return { name, labels: readLabels(labels, line), value: Number(value.replace('Inf', 'Infinity')) };
}

function readLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (LABEL.lastIndex = 0; LABEL.lastIndex < text.length;) {
    const [, name = '', value = ''] = LABEL.exec(text) ?? assert.fail(`no label: ${line}`);
    assert.ok(!(name in labels), `a label stands twice: ${line}`);
    labels[name] = value.replaceAll(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}

/** Buckets ascend and end with `+Inf`, which is the count. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  let bound = Number.NEGATIVE_INFINITY;
  let below = 0;
  for (const sample of samples) {
    if (sample.name === `${name}_bucket`) {
      const next = Number(sample.labels.le?.replace('Inf', 'Infinity'));
      assert.ok(next > bound && sample.value >= below, `${name} does not ascend at ${sample.labels.le}`);
      [bound, below] = [next, sample.value];
    } else {
      assert.equal(bound, Number.POSITIVE_INFINITY, `${name} has no bucket +Inf`);
      if (sample.name === `${name}_count`) {
        assert.equal(sample.value, below, `${name} counts other than its buckets`);
        [bound, below] = [Number.NEGATIVE_INFINITY, 0];
      }
    }
  }
}
