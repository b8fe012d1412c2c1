import { Secret } from '@patchbay/llm/credentials/secret';

import { membersOf } from '../../accounts/refresh-row.ts';
import type { RowProblem } from '../../registry/snapshot.ts';
import type { ProviderRecord as ProviderRow } from '../../storage/records.ts';
import type { DoctorPorts } from '../ports.ts';
import { defineCheck, type CodeFacts, type Found } from '../check.ts';

const facts = (title: string, severity: CodeFacts['severity'] = 'error'): CodeFacts => ({ severity, title });
/** Names that can stand before the slash of `provider/model`. */
const IDENTIFIER = /^[a-z0-9][a-z0-9._-]*$/i;

/** Rows of providers and accounts, written through the gateway or by hand. */
export const providerRows = defineCheck({
  id: 'provider-rows',
  title: 'Whether the rows of providers and accounts can be used',
  codes: {
    'provider-identifier-invalid': facts('A provider has a name that cannot be called'),
    'provider-endpoint-invalid': facts('A provider has an address that leads nowhere'),
    'provider-placeholder-key': facts('A provider or account holds the placeholder of a guide'),
    'provider-row-unusable': facts('A provider’s row cannot be used'),
    'account-row-unusable': facts('An account’s row cannot be used'),
    'account-of-unknown-provider': facts('An account belongs to a provider that there is not', 'warning'),
    'mapping-to-unknown-provider': facts('A name stands for a model of a provider that there is not', 'warning'),
  },
  symptoms: [
    'providers-create',
    'accounts-provider',
    'accounts-key',
    'integration-connectivity',
    'integration-authentication',
    'library-configuration',
    'library-project',
    'library-headers',
  ],
  reach: 'here',
  needs: ['rows', 'secrets', 'registry', 'isPlaceholder'],
  run: async (ports) => {
    const [providers, accounts, mappings] = await Promise.all([
      ports.rows.providers.all(),
      ports.rows.accounts.all(),
      ports.rows.mappings.all({ enabled: true }),
    ]);
    const known = new Set(providers.map(({ identifier }) => identifier));
    const isKnown = (id: string): boolean => known.has(id) || ports.registry.hostOf(id) !== undefined;
    const shapes = providers.flatMap(misshapen);
    // What the shape of a row explains need not be said twice.
    const said = new Set(shapes.map(({ evidence }) => evidence['provider']));
    const problems = ports.registry.current().problems.filter(({ subject }) => !said.has(subject));
    const placeholders = await Promise.all([
      ...providers.map(async (row) =>
        ofPlaceholder(ports, row.identifier, `provider ${row.identifier}`, await openedOf(ports, row)),
      ),
      ...accounts.map(async (row) => {
        const opened = await ports.secrets.openAuthData(row.id, row.authData);
        return ofPlaceholder(ports, row.providerId, `account ${row.id}`, opened.ok ? opened.value : {});
      }),
    ]);
    return [
      ...shapes,
      ...problems.map(ofProblem),
      ...placeholders.flat(),
      ...accounts
        .filter(({ providerId }) => !isKnown(providerId))
        .map(({ id, providerId }) => unknownProvider('account-of-unknown-provider', `account ${id}`, providerId)),
      ...mappings
        .filter(({ providerId }) => !isKnown(providerId))
        .map(({ alias, providerId }) => unknownProvider('mapping-to-unknown-provider', `name ${alias}`, providerId)),
    ];
  },
});

function misshapen({ id, identifier, name, apiEndpoint, status }: ProviderRow): readonly Found[] {
  if (status === 'inactive') return [];
  const named = { subject: `provider ${identifier}`, evidence: { provider: identifier, id } };
  if (!IDENTIFIER.test(identifier))
    return [
      {
        ...named,
        code: 'provider-identifier-invalid',
        cause: `The identifier \`${identifier}\` of ${name} cannot stand in \`provider/model\`.`,
        remedy: `Use letters, digits, dots and hyphens: \`UPDATE providers SET identifier = '…' WHERE id = '${id}'\`.`,
      },
    ];
  // Braces stand for what accounts say.
  const isAddress = URL.canParse(apiEndpoint.replaceAll(/\{\w+\}/g, 'x')) && /^https?:\/\//i.test(apiEndpoint);
  if (isAddress) return [];
  return [
    {
      ...named,
      code: 'provider-endpoint-invalid',
      cause: `The endpoint \`${apiEndpoint.slice(0, 200)}\` of ${name} is no address.`,
      remedy:
        'Write it whole, with https:// and its path, e.g. https://api.example.com/v1: Console → Providers → Edit.',
    },
  ];
}

function ofProblem({ table, subject, message, servesOn }: RowProblem): Found {
  const isAccount = table === 'accounts';
  const account = isAccount ? /^([^:\s]+):/.exec(message)?.[1] : undefined;
  return {
    code: isAccount ? 'account-row-unusable' : 'provider-row-unusable',
    subject: account === undefined ? `provider ${subject}` : `account ${account}`,
    cause: `${message}${servesOn ? ' What was there before serves on.' : ''}`,
    remedy: isAccount
      ? 'Write its auth_data anew: Console → Accounts → Edit.'
      : 'Put right what the sentence names: Console → Providers → Edit.',
    evidence: { provider: subject, table, servesOn, ...(account !== undefined && { account }) },
  };
}

type Opened = Parameters<typeof membersOf>[0];

async function openedOf({ secrets }: Pick<DoctorPorts, 'secrets'>, row: ProviderRow): Promise<Opened> {
  const opened = await secrets.openSecrets(row.id, row.authConfig);
  return opened.ok ? membersOf(opened.value)['fields'] : {};
}

function ofPlaceholder(
  { isPlaceholder }: Pick<DoctorPorts, 'isPlaceholder'>,
  provider: string,
  subject: string,
  opened: Opened,
): readonly Found[] {
  const names = Object.entries(membersOf(opened)).flatMap(([name, value]) =>
    (value instanceof Secret || typeof value === 'string') && isPlaceholder(value) ? [name] : [],
  );
  if (names.length === 0) return [];
  return [
    {
      code: 'provider-placeholder-key',
      subject,
      cause: `${names.join(', ')} of ${subject} is still the placeholder of a guide.`,
      remedy: 'Put the real one there: Console → Providers or Accounts → Edit.',
      evidence: { provider, fields: names.join(', ') },
    },
  ];
}

const unknownProvider = (code: string, subject: string, providerId: string): Found => ({
  code,
  subject,
  cause: `There is no provider ${providerId}, which ${subject} belongs to.`,
  remedy: `Create the provider ${providerId} (Console → Providers), or correct the name. \`GET /api/v1/providers\` lists those that there are.`,
  evidence: { provider: providerId },
});
