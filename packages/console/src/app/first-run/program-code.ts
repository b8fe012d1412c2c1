import { codeOf, type DialectName, type ProgramKind } from '../../features/playground/code-of.ts';
import type { ToWrite } from '../../features/playground/write-program.ts';

/** What the first request is sent with: three libraries, and three tools that take their own settings. */
export const PROGRAMS = ['curl', 'openai-ts', 'anthropic', 'ai-sdk', 'claude-code', 'codex', 'gemini-cli'] as const;
export type Program = (typeof PROGRAMS)[number];

/** What each is called. */
export const PROGRAM_LABELS: Readonly<Record<Program, string>> = {
  curl: 'curl',
  'openai-ts': 'OpenAI SDK',
  anthropic: 'Anthropic SDK',
  'ai-sdk': 'AI SDK',
  'claude-code': 'Claude Code',
  codex: 'Codex',
  'gemini-cli': 'Gemini CLI',
};

/** A first request. */
export interface FirstRequest {
  /** Address of this gateway. */
  readonly origin: string;
  readonly model: string;
  readonly text: string;
}

/** How a program sends it; the key is read from `PATCHBAY_API_KEY`, and never written. */
export function codeFor(program: Program, asked: FirstRequest): string {
  return isTool(program) ? TOOLS[program](asked) : codeOf(...LIBRARIES[program], callOf(asked));
}

type Tool = 'claude-code' | 'codex' | 'gemini-cli';

const isTool = (program: Program): program is Tool => program in TOOLS;

const callOf = ({ origin, model, text }: FirstRequest): ToWrite => ({
  origin,
  model,
  system: '',
  messages: [{ role: 'user', text, attachments: [] }],
  parameters: {},
  tools: [],
});

/** Programs of a library, by its dialect and its language. */
const LIBRARIES: Readonly<Record<Exclude<Program, Tool>, readonly [DialectName, ProgramKind]>> = {
  curl: ['openai-chat', 'curl'],
  'openai-ts': ['openai-chat', 'typescript'],
  anthropic: ['anthropic', 'typescript'],
  'ai-sdk': ['ai-sdk', 'typescript'],
};

/** Tools of the command line, by what they read from their environment or their file of settings. */
const TOOLS: Readonly<Record<Tool, (asked: FirstRequest) => string>> = {
  'claude-code': ({ origin, model, text }) =>
    [
      `export ANTHROPIC_BASE_URL=${origin}`,
      'export ANTHROPIC_AUTH_TOKEN=$PATCHBAY_API_KEY',
      `claude --model ${quoted(model)} -p ${quoted(text)}`,
    ].join('\n'),
  codex: ({ origin, model, text }) =>
    [
      'codex exec --skip-git-repo-check \\',
      `  -c model=${quoted(JSON.stringify(model))} \\`,
      `  -c model_provider='"patchbay"' \\`,
      `  -c model_providers.patchbay.name='"Patchbay"' \\`,
      `  -c model_providers.patchbay.base_url='"${origin}/v1"' \\`,
      `  -c model_providers.patchbay.env_key='"PATCHBAY_API_KEY"' \\`,
      `  -c model_providers.patchbay.wire_api='"responses"' \\`,
      `  ${quoted(text)}`,
    ].join('\n'),
  // With an address of one’s own it refuses to begin unless its settings choose keys, and in a folder that nobody trusted
  // unless it is told to (0.61, 2026-11).
  'gemini-cli': ({ origin, model, text }) =>
    [
      `# Once, in ~/.gemini/settings.json: {"security":{"auth":{"selectedType":"gemini-api-key"}}}`,
      `export GOOGLE_GEMINI_BASE_URL=${origin}`,
      'export GEMINI_API_KEY=$PATCHBAY_API_KEY',
      `gemini --skip-trust --model ${quoted(model)} --prompt ${quoted(text)}`,
    ].join('\n'),
};

/** For a shell, whatever it holds. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
