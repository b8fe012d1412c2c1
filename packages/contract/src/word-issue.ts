import type * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

const ENGLISH = en().localeError;

type Issue = z.core.$ZodRawIssue;

/** What is meant by the types of JSON, as people say it. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'an address such as https://example.com',
  uuid: 'a UUID',
  datetime: 'a time such as 2026-01-31T12:00:00Z',
  date: 'a day such as 2026-01-31',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
};

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  map: ['entry', 'entries'],
  record: ['entry', 'entries'],
};

/** What is wrong with one member, in a sentence that fits beside its field and never repeats what was sent. */
export function wordIssue(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'Is missing.' : mustBe(KINDS[issue.expected]);
    case 'too_small':
      return bounded(
        issue.origin,
        Number(issue.minimum),
        issue.exact ? 'exactly' : issue.inclusive ? 'at least' : 'more than',
      );
    case 'too_big':
      return bounded(
        issue.origin,
        Number(issue.maximum),
        issue.exact ? 'exactly' : issue.inclusive ? 'at most' : 'less than',
      );
    case 'invalid_format':
      return mustBe(FORMATS[issue.format]) ?? inEnglish(issue);
    case 'invalid_value':
      return mustBe(`${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`);
    case 'unrecognized_keys':
      return `${issue.keys.join(', ')} ${issue.keys.length === 1 ? 'is' : 'are'} not known here.`;
    default:
      return inEnglish(issue);
  }
}

const mustBe = (what: string | undefined): string | undefined => (what === undefined ? undefined : `Must be ${what}.`);

function bounded(origin: string, bound: number, how: string): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `Must be ${how} ${bound}.`;
  if (how === 'at least' && bound === 1) return 'Must not be empty.';
  return `Must have ${how} ${bound} ${unit[bound === 1 ? 0 : 1]}.`;
}

/** The library's own words, for what is rare. */
function inEnglish(issue: Issue): string | undefined {
  const worded = ENGLISH(issue);
  return typeof worded === 'string' ? worded : worded?.message;
}
