import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from './lib/source-files.mjs';

const BEHAVIOUR = /^export (?:async )?(?:function\*?|const|abstract class|class) (\w+)/;
/** The published library documents its types too; inside the gateway a type's fields speak for it. */
const BEHAVIOUR_AND_TYPES = /^export (?:async )?(?:function\*?|const|abstract class|class|interface|type) (\w+)/;
const PUBLISHED = /^packages\/(?:llm|contract)\//;

export const remedy =
  'Say above the export what it means: unit, default, range, failure. A room README says what belongs there.';

/** Exported names without a docstring, and rooms without a README. */
export async function problems(root) {
  const law = JSON.parse(await readFile(path.join(root, 'rooms.json'), 'utf8'));
  const files = (await sourceFiles(root)).filter((each) => !each.isTest);
  return [...files.flatMap(undocumented), ...(await roomsWithoutReadme(root, law, files))];
}

/** `path:line name` of every export of one file, `{ path, text }`, that no docstring precedes. */
export function undocumented({ path: file, text }) {
  const lines = text.split('\n');
  const seen = new Set();
  const exported = PUBLISHED.test(file) ? BEHAVIOUR_AND_TYPES : BEHAVIOUR;
  return lines.flatMap((line, index) => {
    const name = exported.exec(line)?.[1];
    if (name === undefined || seen.has(name)) return [];
    seen.add(name);
    return lines[index - 1]?.trimEnd().endsWith('*/') ? [] : [`${file}:${index + 1} ${name} has no docstring`];
  });
}

async function roomsWithoutReadme(root, law, files) {
  const missing = [];
  for (const [home, { rooms }] of Object.entries(law)) {
    for (const room of Object.keys(rooms ?? {})) {
      const folder = `${home}/${room}`;
      if (!files.some((each) => each.path.startsWith(`${folder}/`))) continue;
      const readme = path.join(root, folder, 'README.md');
      await access(readme).catch(() => missing.push(`${folder} has no README.md`));
    }
  }
  return missing;
}
