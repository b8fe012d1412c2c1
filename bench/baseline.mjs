import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const FILE = path.join(import.meta.dirname, 'baseline.json');
/** A change for the worse by more than this share is pointed out. */
const TOLERANCE = 0.1;

/** What must be equal for absolute figures to be comparable. */
export function machineKind() {
  const cpus = os.cpus();
  return {
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    node: process.versions.node.split('.')[0],
  };
}

/** Compares rows with the stored baseline: what got worse by more than 10 %, or why nothing can be compared. */
export async function compareWithBaseline(rows, mode) {
  if (!existsSync(FILE))
    return { regressions: [], remark: 'There is no baseline yet; `npm run bench -- --update-baseline` makes one.' };
  const baseline = JSON.parse(await readFile(FILE, 'utf8'));
  if (JSON.stringify(baseline.machine) !== JSON.stringify(machineKind()))
    return { regressions: [], remark: 'The baseline was measured on another kind of machine, so it is not compared.' };
  if (baseline.mode !== mode)
    return {
      regressions: [],
      remark: `The baseline is of a ${baseline.mode} run and this one is ${mode}, so they are not compared.`,
    };
  return {
    regressions: rows.map((row) => regression(row, baseline.values[row.id])).filter((each) => each !== undefined),
    remark: '',
  };
}

/** The row with its share of change for the worse, when that is more than 10 %. */
export function regression(row, before) {
  if (before === undefined) return undefined;
  if (before === 0) return row.better === 'lower' && row.value > 0 ? { ...row, before, worseBy: Infinity } : undefined;
  const change = (row.value - before) / Math.abs(before);
  const worseBy = row.better === 'higher' ? -change : change;
  return worseBy > TOLERANCE ? { ...row, before, worseBy } : undefined;
}

/** Stores the rows as what later runs are compared with; rows of cases that did not run stay. */
export async function updateBaseline(rows, mode) {
  const machine = machineKind();
  const old = existsSync(FILE) ? JSON.parse(await readFile(FILE, 'utf8')) : {};
  const isSame = old.mode === mode && JSON.stringify(old.machine) === JSON.stringify(machine);
  const values = {
    ...(isSame ? old.values : {}),
    ...Object.fromEntries(rows.map(({ id, value }) => [id, Number(value.toPrecision(4))])),
  };
  await writeFile(FILE, `${JSON.stringify({ machine, mode, values }, null, 2)}\n`);
}
