const DELIMITERS = [',', ';', '\t', '|'];

/**
 * The rows of a table as lines that can be read alone: `Year: 2024; Sales: 17`. The first row names the columns unless
 * one of its cells is empty, a number or there twice; then rows are their cells. What separates cells is found out.
 */
export function extractCsv(source: string): string {
  const [first, ...rest] = rowsOf(source, delimiterOf(source));
  if (first === undefined) return '';
  if (rest.length === 0 || !areNames(first)) return [first, ...rest].map((cells) => cells.join(' | ')).join('\n');
  return rest.map((cells) => cells.flatMap((cell, column) => named(first[column], cell)).join('; ')).join('\n');
}

const named = (name: string | undefined, cell: string): readonly string[] => {
  if (cell === '') return [];
  return [name === undefined ? cell : `${name}: ${cell}`];
};

const areNames = (cells: readonly string[]): boolean =>
  new Set(cells).size === cells.length && cells.every((cell) => cell !== '' && Number.isNaN(Number(cell)));

/** The one of the usual delimiters that is most often in the first line, quoted cells aside. */
function delimiterOf(source: string): string {
  const line = (/^.*$/m.exec(source)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((each) => line.split(each).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function rowsOf(source: string, delimiter: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const endRow = (): void => {
    if (row.some((cell) => cell !== '')) rows.push(row);
    row = [];
  };
  let at = 0;
  while (at <= source.length) {
    const { cell, end } = source[at] === '"' ? quotedCell(source, at + 1) : { cell: '', end: at };
    const stop = cellEnd(source, delimiter, end);
    // What follows a closing quote belongs to the cell: such files are wrong, but meant so.
    row.push((cell + source.slice(end, stop)).replace(/\s+/g, ' ').trim());
    if (source[stop] !== delimiter) {
      endRow();
      at = source.startsWith('\r\n', stop) ? stop + 2 : stop + 1;
    } else at = stop + 1;
  }
  return rows;
}

function quotedCell(source: string, from: number): { readonly cell: string; readonly end: number } {
  for (let at = source.indexOf('"', from); at >= 0; at = source.indexOf('"', at + 2)) {
    if (source[at + 1] !== '"') return { cell: source.slice(from, at).replaceAll('""', '"'), end: at + 1 };
  }
  return { cell: source.slice(from), end: source.length };
}

function cellEnd(source: string, delimiter: string, from: number): number {
  let at = from;
  while (at < source.length && source[at] !== delimiter && source[at] !== '\n' && source[at] !== '\r') at += 1;
  return at;
}
