import { Diagnosis, FixedFinding, type Finding } from '@patchbay/contract/resources/diagnostics';
import type { Exchange } from '@patchbay/llm/transport/exchange';

import { isInstalled, openDataDir } from '../../../config/data-dir.ts';
import { loadSettings, SettingsError, type LoadedSettings } from '../../../config/load-settings.ts';
import { readSettingTexts } from '../../../config/read-texts.ts';
import { examineHere } from '../../../examine-here.ts';
import { UsageError } from '../../command.ts';
import { namesGateway, runningGateway, type GatewayAnswer, type RunningGateway } from '../../running-gateway.ts';
import { addressOf, enterOwn, isAnswering } from './own-gateway.ts';
import { nameOf, showFindings, type ShownExamination } from './show-findings.ts';

/** What the command is run with. */
export interface DoctorParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `.env` and `config.yaml` are looked for. */
  readonly folder: string;
  readonly exchange: Exchange;
  readonly inColour: boolean;
}

/** What the command has to say, and how the process ends: 0 when nothing is an error, else 1. */
export interface DoctorOutput {
  readonly json: { readonly findings: readonly Finding[]; readonly mended?: readonly Mended[] };
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/** A finding that was mended, and how. */
interface Mended extends Pick<Finding, 'code' | 'subject'> {
  readonly done: string;
}

const USAGE = 'patchbay doctor [--json] [--fix] [--url http://127.0.0.1:8000]';
const PATH = '/api/system/diagnostics';

/** Asks the running gateway what is wrong with it, else looks at what it would run with. */
export async function doctor(parts: DoctorParts, args: readonly string[]): Promise<DoctorOutput> {
  const { mends, url } = readArguments(args);
  const environment = url === undefined ? parts.environment : { ...parts.environment, PATCHBAY_URL: url };
  const named = runningGateway(environment, parts.exchange);
  if (named === undefined && url !== undefined)
    throw new UsageError('Set PATCHBAY_API_KEY to an administrative key of that gateway.');
  if (named === undefined) return outputOf(await lookHere(parts, mends), parts.inColour);
  const examined = await askGateway(named, mends);
  // A key alone may be that of an application: whoever owns the folder needs none.
  const isElsewhere = namesGateway(environment) || !examined.findings.some(({ code }) => UNASKED.has(code));
  return outputOf(isElsewhere ? examined : await lookHere(parts, mends), parts.inColour);
}

/** Findings of a gateway that said nothing of itself. */
const UNASKED: ReadonlySet<string> = new Set(['gateway-unreachable', 'gateway-refuses-doctor']);

function readArguments(args: readonly string[]): { readonly mends: boolean; readonly url: string | undefined } {
  const waiting = [...args];
  let mends = false;
  let url: string | undefined;
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (word === '--fix') mends = true;
    else if (word.startsWith('--url=')) url = word.slice('--url='.length);
    else if (word === '--url') url = waiting.shift() ?? '';
    else throw new UsageError(`There is no \`${word}\` here: ${USAGE}`);
  }
  if (url === '') throw new UsageError(`Say which gateway: ${USAGE}`);
  return { mends, url };
}

function outputOf(examined: ShownExamination, inColour: boolean): DoctorOutput {
  const { findings, mended } = examined;
  const done = findings.flatMap(({ code, subject }) => {
    const how = mended.get(nameOf({ code, subject }));
    return how === undefined ? [] : [{ code, subject, done: how }];
  });
  const isSound = findings.every((each) => each.severity !== 'error' || mended.has(nameOf(each)));
  return {
    json: { findings, ...(done.length > 0 && { mended: done }) },
    text: showFindings(examined, inColour),
    exitCode: isSound ? 0 : 1,
  };
}

/** The settings' own gateway where it runs, else what it would be. */
async function lookHere({ environment, folder, exchange }: DoctorParts, mends: boolean): Promise<ShownExamination> {
  let loaded: LoadedSettings;
  try {
    loaded = loadSettings({ ...readSettingTexts(folder, environment), isTerminal: false });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { findings: error.problems.map(unusableSetting), mended: new Map(), where: 'the settings' };
  }
  const { settings } = loaded;
  const url = addressOf(settings);
  if (settings.port === 0 || !(await isAnswering(url, exchange))) return composed(loaded, mends, []);
  return (await askOwn(loaded, mends, exchange)) ?? composed(loaded, mends, []);
}

/** What the gateway says that listens where this one would; `undefined` where our own secrets and store are not at hand. */
async function askOwn(
  loaded: LoadedSettings,
  mends: boolean,
  exchange: Exchange,
): Promise<ShownExamination | undefined> {
  const { settings } = loaded;
  if (!(await isInstalled(settings.dataDir))) return composed(loaded, mends, [portTaken(addressOf(settings))]);
  const own = await openDataDir(settings.dataDir)
    .then((dataDir) => enterOwn(settings, dataDir, exchange))
    .catch(() => undefined);
  if (own === undefined) return undefined;
  try {
    const { url } = own.gateway;
    const answer = await own.gateway.ask('GET', PATH);
    if (answer.status === 200) return await examinedBy(own.gateway, answer, mends);
    if (!STRANGERS.has(answer.status)) return { findings: [notAdmitted(url, answer)], mended: new Map(), where: url };
    return await composed(loaded, mends, [portTaken(url)]);
  } finally {
    await own.close();
  }
}

/** What others answer who do not know our secrets, or the question. */
const STRANGERS: ReadonlySet<number> = new Set([401, 403, 404]);

async function composed(loaded: LoadedSettings, mends: boolean, before: readonly Finding[]): Promise<ShownExamination> {
  const here = await examineHere(loaded);
  try {
    const { findings } = await here.examine();
    const mended = new Map<string, string>();
    for (const each of findings.filter(({ fixable }) => mends && fixable)) {
      const fixed = await here.fix(each.code, each.subject);
      if (fixed !== 'by-hand') mended.set(nameOf(each), fixed === 'absent' ? GONE : fixed.done);
    }
    return {
      findings: [...here.prevented, ...before, ...findings],
      mended,
      where: 'what the gateway would start with',
    };
  } finally {
    await here.close();
  }
}

async function askGateway(gateway: RunningGateway, mends: boolean): Promise<ShownExamination> {
  const nothing = { mended: new Map<string, string>(), where: `the gateway at ${gateway.url}` };
  let answer: GatewayAnswer;
  try {
    answer = await gateway.ask('GET', PATH);
  } catch (error) {
    return { ...nothing, findings: [unreachable(gateway.url, error instanceof Error ? error.message : String(error))] };
  }
  if (answer.status !== 200) return { ...nothing, findings: [notAdmitted(gateway.url, answer)] };
  return examinedBy(gateway, answer, mends);
}

async function examinedBy(gateway: RunningGateway, answer: GatewayAnswer, mends: boolean): Promise<ShownExamination> {
  const { findings } = Diagnosis.parse(answer.json);
  const mended = new Map<string, string>();
  for (const each of findings.filter(({ fixable }) => mends && fixable)) {
    const fixed = await gateway.ask('POST', `${PATH}/fix`, { code: each.code, subject: each.subject });
    if (fixed.status === 200) mended.set(nameOf(each), FixedFinding.parse(fixed.json).done);
    if (fixed.status === 404) mended.set(nameOf(each), GONE);
  }
  return { findings, mended, where: `the gateway at ${gateway.url}` };
}

/** What one remedy mends may be what another finding was about. */
const GONE = 'Nothing of it is found any more.';

const grave = (finding: Omit<Finding, 'severity' | 'fixable'>): Finding => ({
  ...finding,
  severity: 'error',
  fixable: false,
});

/** A sentence about settings begins with the variable, or names the file that is at fault. */
const subjectOf = (problem: string): string => {
  const setting = /^[A-Z][A-Z0-9_]*\b/.exec(problem)?.[0];
  if (setting !== undefined) return `setting ${setting}`;
  return problem.includes('config.yaml') ? 'file config.yaml' : 'settings';
};

const unusableSetting = (problem: string): Finding =>
  grave({
    code: 'start-setting-unusable',
    subject: subjectOf(problem),
    title: 'A setting cannot be used',
    cause: problem,
    remedy: 'Put it right where the sentence says it comes from; .env.example tells what each one may be.',
    evidence: {},
  });

const portTaken = (url: string): Finding => ({
  ...grave({
    code: 'start-port-taken',
    subject: 'gateway',
    title: 'Another program answers where this gateway would listen',
    cause: `Something answers at ${url} that does not share this gateway’s store and secrets.`,
    remedy: `See who it is: \`ss -ltnp | grep ${new URL(url).port}\`. Stop it, set PORT to a free one, or run the doctor with the other gateway’s settings.`,
    evidence: { url },
  }),
  severity: 'warning',
});

const unreachable = (url: string, why: string): Finding =>
  grave({
    code: 'gateway-unreachable',
    subject: 'gateway',
    title: 'The gateway does not answer',
    cause: why,
    remedy: `Start it, or correct PATCHBAY_URL: \`curl -i ${url}/health\` must answer 200.`,
    evidence: { url },
  });

const notAdmitted = (url: string, { status, refusal }: GatewayAnswer): Finding =>
  grave({
    code: 'gateway-refuses-doctor',
    subject: 'gateway',
    title: 'The gateway does not let the doctor in',
    cause: `${url} answered ${status}: ${refusal}`,
    remedy:
      'Set PATCHBAY_API_KEY to a key with the role admin: `POST /v1/api-keys` with {"label":"doctor","role":"admin"}.',
    evidence: { url, status },
  });
