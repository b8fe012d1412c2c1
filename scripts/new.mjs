/**
 * Writes what a new thing of a known kind needs: `npm run new -- provider acme --name Acme --base-url
 * https://api.acme.example/v1 --source https://docs.acme.example/api` makes the record, its line in the registry and its
 * lines in .env.example. Everything is written, or nothing where something is wrong.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PROVIDERS = 'packages/llm/src/providers';

const HELP = `Usage: npm run new -- provider <id> --name <name> --base-url <address> --source <address> [options]
  --name <name>          the name for people
  --base-url <address>   where it is, with the version segment and without a slash at the end
  --source <address>     the vendor's page that says so
  --about <sentence>     what is out of the ordinary; stands above the record
  --prefix <PREFIX>      of its variables; default the id in capitals
  --keyless              it may be used without a key, as servers of one's own are
  --reasoning <member>   where it puts reasoning: reasoning_content or reasoning
  --max-tokens <member>  how it calls the bound of an answer: max_tokens (default) or max_completion_tokens
  --developer-role       it knows the role developer
  --no-stream-options    it refuses stream_options
  --serves <names>       what it serves besides chats, with commas: embeddings,rerank
  --no-list              it offers no list of models
`;
const OPTIONS = {
  name: { type: 'string' },
  'base-url': { type: 'string' },
  source: { type: 'string' },
  about: { type: 'string' },
  prefix: { type: 'string' },
  keyless: { type: 'boolean', default: false },
  reasoning: { type: 'string' },
  'max-tokens': { type: 'string', default: 'max_tokens' },
  'developer-role': { type: 'boolean', default: false },
  'stream-options': { type: 'boolean', default: true },
  serves: { type: 'string', default: '' },
  list: { type: 'boolean', default: true },
  help: { type: 'boolean', default: false },
};
/** What a record may serve; the same names as `EndpointId`. */
const ENDPOINTS = [
  'embeddings',
  'completions',
  'moderations',
  'images/generations',
  'images/edits',
  'images/variations',
  'audio/speech',
  'audio/transcriptions',
  'audio/translations',
  'rerank',
];

/** Does what the arguments say in the repository at `root`, tells it to `say`, and resolves to the exit code. */
export async function main(args, root = ROOT, say = (text) => process.stdout.write(text)) {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true, allowNegative: true });
    if (values.help) say(HELP);
    else await writeProvider(wanted(values, positionals), root, say);
    return 0;
  } catch (error) {
    if (!(error instanceof Refused) && !error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** Arguments that cannot be followed; the message says what to give instead. */
class Refused extends Error {}

function wanted(values, [kind, id = '', ...rest]) {
  if (kind !== 'provider' || rest.length > 0) throw new Refused(HELP.trimEnd());
  const prefix = values.prefix ?? id.toUpperCase().replaceAll('-', '_');
  const serves = values.serves.split(',').filter((each) => each !== '');
  const rules = [
    [/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id), 'The id must be lower-case letters, digits and hyphens.'],
    [/^[A-Z][A-Z0-9_]*$/.test(prefix), '--prefix must be capitals, digits and underscores.'],
    [/^[^'"`\\\n*]+$/.test(values.name ?? ''), '--name must be a name without quotes.'],
    [
      /^https?:\/\/[^\s'"\\]+[^\s'"\\/]$/.test(values['base-url'] ?? ''),
      '--base-url must be an address without a slash at its end.',
    ],
    [/^https:\/\/[^\s'"\\]+$/.test(values.source ?? ''), '--source must be the address of the vendor’s page.'],
    [!/[\n`]|\*\//.test(values.about ?? ''), '--about must be one line.'],
    [
      [undefined, 'reasoning', 'reasoning_content'].includes(values.reasoning),
      '--reasoning must be reasoning_content or reasoning.',
    ],
    [
      ['max_tokens', 'max_completion_tokens'].includes(values['max-tokens']),
      '--max-tokens must be max_tokens or max_completion_tokens.',
    ],
    [serves.every((each) => ENDPOINTS.includes(each)), `--serves must be some of ${ENDPOINTS.join(', ')}.`],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken !== undefined) throw new Refused(`${broken[1]} --help shows an example.`);
  return { ...values, id, prefix, serves, constant: id.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase()) };
}

async function writeProvider(provider, root, say) {
  const at = (file) => path.join(root, file);
  const [registry, example] = [at(`${PROVIDERS}/registry.ts`), at('.env.example')];
  const before = [await readFile(registry, 'utf8'), await readFile(example, 'utf8')];
  if (before[0].includes(`'./${provider.id}.ts'`)) throw new Refused(`There is a provider ${provider.id} already.`);
  if (before[1].includes(`# ${provider.prefix}_API_KEY=`))
    throw new Refused(`${provider.prefix} is taken; name another --prefix.`);
  const files = [
    [at(`${PROVIDERS}/${provider.id}.ts`), recordText(provider)],
    [registry, registered(before[0], provider)],
    [example, explained(before[1], provider)],
  ];
  await writeFile(files[0][0], files[0][1], { flag: 'wx' });
  for (const [file, text] of files.slice(1)) await writeFile(file, text);
  for (const [file] of files) say(`Wrote ${path.relative(root, file)}.\n`);
  say(
    `Now: add ${provider.name} to the table in README.md, and run npm test -- providers env-example every-provider.\n`,
  );
}

/** The record as a file, formatted as the gates want it. */
export function recordText(provider) {
  const { id, constant, name, prefix, serves, keyless } = provider;
  const auth = `{ kind: 'bearer', env: '${prefix}_API_KEY' }${keyless ? ", { kind: 'none' }" : ''}`;
  const lines = [
    `  id: '${id}',`,
    `  name: '${name}',`,
    `  source: '${provider.source}',`,
    `  baseUrl: '${provider['base-url']}',`,
    `  auth: [${auth}],`,
    '  speaks: [',
    '    {',
    "      format: 'openai-chat',",
    "      path: '/chat/completions',",
    ...dialectLines(provider),
    '    },',
    '  ],',
    `  envPrefix: '${prefix}',`,
    ...(provider.list ? ["  models: { listPath: '/models' },"] : []),
    ...(serves.length > 0 ? ['  serves: {', ...serves.map(servedLine), '  },'] : []),
  ];
  const about = provider.about ?? `${name} speaks OpenAI's dialect.`;
  return `import { defineProvider } from './define-provider.ts';\n\n/** ${about} */\nexport const ${constant} = defineProvider({\n${lines.join('\n')}\n});\n`;
}

const servedLine = (endpoint) => `    ${/\W/.test(endpoint) ? `'${endpoint}'` : endpoint}: { path: '/${endpoint}' },`;

/** Only what departs from OpenAI's own way is said. */
function dialectLines({ reasoning, 'max-tokens': maxTokens, 'developer-role': developer, 'stream-options': options }) {
  const members = [
    reasoning === undefined ? '' : `reasoningField: '${reasoning}'`,
    maxTokens === 'max_completion_tokens' ? '' : `maxTokensField: '${maxTokens}'`,
    developer ? '' : 'developerRole: false',
    options ? '' : 'streamOptions: false',
  ].filter((each) => each !== '');
  const line = `      dialect: { ${members.join(', ')} },`;
  if (members.length === 0) return [];
  return line.length <= 120 ? [line] : ['      dialect: {', ...members.map((each) => `        ${each},`), '      },'];
}

/** The registry with an import in its alphabetical place and the record before the servers that anyone may run. */
function registered(text, { id, constant }) {
  const line = `import { ${constant} } from './${id}.ts';`;
  const imports = text.split('\n').filter((each) => /^import \{ \w+ \} from '\.\//.test(each));
  const next = imports.find((each) => fileOf(each) > fileOf(line)) ?? 'import type { ProviderRecord }';
  const member = constant === id ? id : `'${id}': ${constant}`;
  return inserted(inserted(text, next, `${line}\n`), "  'openai-compatible': openaiCompatible,", `  ${member},\n`);
}

const fileOf = (line) => /'\.\/([^']+)\.ts'/.exec(line)?.[1] ?? '';

/** The example with the provider's three variables, in the order of the registry. */
function explained(text, { name, prefix, keyless, 'base-url': url }) {
  const lines = [
    `# Key of the first account at ${name}${keyless ? ', which asks for none of itself' : ''}.`,
    `# ${prefix}_API_KEY=`,
    '# Key of one more account; _2, _3 and so on add others.',
    `# ${prefix}_API_KEY_1=`,
    `# Where ${name} is; set it to ${keyless ? 'use one' : 'go through another address'}.`,
    `# ${prefix}_BASE_URL=${url}`,
  ];
  return inserted(text, '# Key of the first account at the OpenAI-compatible server.', `${lines.join('\n')}\n\n`);
}

function inserted(text, before, added) {
  const at = text.indexOf(before);
  if (at < 0) throw new Error(`"${before}" is not where it was; scripts/new.mjs must follow the change.`);
  return text.slice(0, at) + added + text.slice(at);
}
