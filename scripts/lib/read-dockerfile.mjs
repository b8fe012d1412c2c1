/** What a Dockerfile of ours says, as far as it is looked at: instructions by stage, in order. */
export function readDockerfile(text) {
  const stages = [];
  for (const line of text.replaceAll(/\\\n/g, ' ').split('\n')) {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name === undefined) continue;
    if (name === 'FROM') stages.push({ image: rest.split(' ')[0], name: / AS (\S+)/.exec(rest)?.[1], steps: [] });
    else stages.at(-1)?.steps.push({ name, rest });
  }
  return stages;
}

/** Sources and target of a `COPY`, and the stage that it copies from. */
export function copyOf(rest) {
  const words = rest.split(/\s+/);
  const from = words[0]?.startsWith('--from=') ? words.shift().slice('--from='.length) : undefined;
  return { from, target: words.at(-1), sources: words.slice(0, -1) };
}

/** Variables of all `ENV` instructions of a stage. */
export function environmentOf({ steps }) {
  const pairs = steps.filter(({ name }) => name === 'ENV').flatMap(({ rest }) => rest.split(/\s+/));
  return Object.fromEntries(pairs.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));
}
