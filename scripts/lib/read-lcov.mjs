/** Files of a coverage report in the format of lcov, with how many of their lines there are and how many were run. */
export function filesIn(text) {
  const files = [];
  for (const record of text.split('end_of_record')) {
    const name = /^SF:(.+)$/m.exec(record)?.[1];
    if (name === undefined) continue;
    const counts = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(([, line, count]) => [Number(line), Number(count)]);
    const missed = counts.filter(([, count]) => count === 0).map(([line]) => line);
    files.push({ name, lines: counts.length, hit: counts.length - missed.length, missed });
  }
  return files.sort((one, other) => one.name.localeCompare(other.name));
}

/** Share of the lines that were run, by package and of all. */
export function sharesByPackage(files) {
  const groups = Map.groupBy(files, ({ name }) => /packages\/[^/]+/.exec(name)?.[0] ?? 'others');
  return [...groups, ['all', files]].map(([name, some]) => {
    const [lines, hit] = [sum(some, 'lines'), sum(some, 'hit')];
    return { name, lines, hit, percent: lines === 0 ? 100 : (100 * hit) / lines };
  });
}

const sum = (files, name) => files.reduce((total, each) => total + each[name], 0);

/** A page with a row for each file, those with most missing lines first. */
export function coveragePage(files) {
  const rows = files
    .toSorted((one, other) => other.missed.length - one.missed.length)
    .map(({ name, lines, hit, missed }) => {
      const percent = lines === 0 ? 100 : (100 * hit) / lines;
      return `<tr><td>${escaped(name)}</td><td>${percent.toFixed(1)} %</td><td>${hit} / ${lines}</td><td>${spans(missed)}</td></tr>`;
    });
  const shares = sharesByPackage(files).map(
    ({ name, percent }) => `<li>${escaped(name)}: ${percent.toFixed(1)} %</li>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Coverage</title>
<style>
  body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem; }
  td { padding: 0.1rem 1rem 0.1rem 0; vertical-align: top; }
</style>
<h1>Lines that the tests run</h1>
<ul>${shares.join('')}</ul>
<table><tr><th>File</th><th>Share</th><th>Lines</th><th>Missing</th></tr>
${rows.join('\n')}
</table>
</html>
`;
}

/** `3-5, 9`: lines that follow each other together. */
export function spans(lines) {
  const found = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last !== undefined && last.to === line - 1) last.to = line;
    else found.push({ from: line, to: line });
  }
  return found.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
