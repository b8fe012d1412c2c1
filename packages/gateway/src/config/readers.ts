import { ROTATIONS, type Rotation } from '@patchbay/llm/credentials/rotation';
import { isIP } from 'node:net';

/** What a value read as, or why it cannot be read: the words complete "NAME must be …". */
export type Read<T> = { readonly value: T } | { readonly wanted: string };

/** Reads one setting's text. */
export type Reader<T> = (text: string) => Read<T>;

/** A whole number between `min` and `max`, both included. */
export const wholeNumber =
  (min: number, max: number): Reader<number> =>
  (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= min && value <= max
      ? { value }
      : { wanted: `a whole number from ${min} to ${max}` };
  };

/** A number between `min` and `max`, both included, with or without a point. */
export const decimal =
  (min: number, max: number): Reader<number> =>
  (text) => {
    const value = Number(text);
    return /^-?\d+(?:\.\d+)?$/.test(text) && value >= min && value <= max
      ? { value }
      : { wanted: `a number from ${min} to ${max}` };
  };

/** One of a few words. */
export const oneOf =
  <const Word extends string>(...words: readonly Word[]): Reader<Word> =>
  (text) => {
    const value = words.find((word) => word === text.toLowerCase());
    return value === undefined ? { wanted: `one of ${words.join(', ')}` } : { value };
  };

const SECONDS = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** A time span in seconds between `min` and `max`: `900`, `15m`, `1h`, `7d`. */
export const span =
  (min: number, max: number): Reader<number> =>
  (text) => {
    const [, digits, unit = ''] = /^(\d{1,9})([smhd]?)$/.exec(text) ?? [];
    const value = Number(digits) * SECONDS[unit as keyof typeof SECONDS];
    return value >= min && value <= max
      ? { value }
      : { wanted: `a number of seconds from ${min} to ${max}, or a span such as 15m, 1h or 7d` };
  };

/** Any text. */
export const anyText: Reader<string> = (text) => ({ value: text });

/** `true` or `false`, also as 1 and 0. */
export const flag: Reader<boolean> = (text) => {
  if (/^(?:true|1)$/i.test(text)) return { value: true };
  return /^(?:false|0)$/i.test(text) ? { value: false } : { wanted: 'true or false' };
};

/** A secret that a header can carry: at least `min` visible ASCII characters. */
export const secretText =
  (min: number): Reader<string> =>
  (text) =>
    /^[\x21-\x7e]*$/.test(text) && text.length >= min
      ? { value: text }
      : { wanted: `at least ${min} visible ASCII characters without spaces` };

/** Where a PostgreSQL database is, with whatever signs in to it. */
export const postgresUrl: Reader<string> = (text) => {
  const url = URL.parse(text);
  return url !== null && /^postgres(?:ql)?:$/.test(url.protocol)
    ? { value: text }
    : { wanted: 'a URL such as postgres://user:password@host:5432/database' };
};

/** Where a Redis is, with whatever signs in to it. */
export const redisUrl: Reader<string> = (text) => {
  const url = URL.parse(text);
  return url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== ''
    ? { value: text }
    : { wanted: 'a URL such as redis://user:password@host:6379/0' };
};

/** A port; of the kind of link that Kubernetes sets for a service named `redis`, the port it ends with. */
export const redisPort: Reader<number> = (text) => wholeNumber(1, 65_535)(/^tcp:\/\/.*:(\d+)$/.exec(text)?.[1] ?? text);

/** One host name or address. */
export const hostName: Reader<string> = (text) =>
  isHost(text) && !text.includes('/') ? { value: text } : { wanted: 'a host name or an address' };

/** An absolute http(s) URL without credentials, query or trailing slash. */
export const baseUrl: Reader<string> = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!plain || url.search !== '' || url.hash !== '')
    return { wanted: 'an absolute URL such as https://api.example.com/v1, without user, query or fragment' };
  // Of `https://host?` and of blanks around it, the parsed URL keeps nothing a path would have to follow.
  return { value: `${url.origin}${url.pathname}`.replace(/\/+$/, '') };
};

/** An address that is sent to as it is: its path and query may be what lets us in. */
export const webhookUrl: Reader<string> = (text) => {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isPlain ? { value: url.href } : { wanted: 'an absolute http or https URL without user and password' };
};

const HOST_NAME = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/i;

/** A comma list of models, by name or with a `*` at the end. */
export const modelList: Reader<readonly string[]> = (text) => {
  const entries = list(text);
  const wrong = entries.find((each) => /\s|\*./.test(each));
  if (wrong === undefined) return { value: entries };
  return {
    wanted: `a comma list of models such as openai/gpt-*,fast, with a * at the end alone; \`${wrong}\` is none`,
  };
};

/** A comma list of host names, addresses and networks. */
export const hostList: Reader<readonly string[]> = (text) => {
  const entries = list(text);
  const at = entries.findIndex((entry) => !isHost(entry));
  if (at < 0) return { value: entries };
  const wrong = entries[at] ?? '';
  // The address of a proxy may carry its password.
  const shown = wrong.includes('@') ? `entry ${at + 1}` : `\`${wrong}\``;
  return { wanted: `a comma list of host names, addresses and networks such as 10.0.0.0/8; ${shown} is none` };
};

/** A comma list of origins: scheme, host and port. */
export const originList: Reader<readonly string[]> = (text) => {
  const entries = list(text);
  const isOrigin = (entry: string): boolean => URL.canParse(entry) && new URL(entry).origin === entry;
  return entries.every(isOrigin)
    ? { value: entries }
    : { wanted: 'a comma list of origins such as https://console.example.com, without a path' };
};

function isHost(entry: string): boolean {
  const [address = '', prefix, ...more] = entry.split('/');
  const family = isIP(address);
  if (more.length > 0) return false;
  if (prefix === undefined) return family !== 0 || HOST_NAME.test(entry);
  return family !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** `fast=openai/gpt-5-mini|groq/llama, smart=anthropic/claude`: names, each for one or several models in order. */
export const aliasList: Reader<ReadonlyMap<string, readonly string[]>> = (text) => {
  const aliases = new Map<string, readonly string[]>();
  for (const entry of list(text)) {
    const [name, targets] = split(entry, '=');
    const models = (targets ?? '').split('|').map((each) => each.trim());
    if (name === '' || aliases.has(name) || models.some((model) => !/^[\w-]+\/\S+$/.test(model)))
      return { wanted: `a comma list like fast=openai/gpt-5-mini|groq/llama-3; \`${entry}\` is not like it` };
    aliases.set(name, models);
  }
  return { value: aliases };
};

/** Ways to choose accounts, by `provider/model`, by provider, or for `*`. */
export const policyList: Reader<ReadonlyMap<string, Rotation>> = (text) => {
  const policies = new Map<string, Rotation>();
  for (const entry of list(text)) {
    const [name, way = ''] = split(entry, '=');
    const rotation = ROTATIONS.find((each) => each === way.trim());
    if (rotation === undefined || policies.has(name) || !/^(\*|[\w-]+(\/\S+)?)$/.test(name))
      return {
        wanted: `a comma list like openai/gpt-5-mini=weighted,*=affinity of ${ROTATIONS.join(', ')}; \`${entry}\` is not like it`,
      };
    policies.set(name, rotation);
  }
  return { value: policies };
};

const list = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

function split(text: string, at: string): readonly [string, string | undefined] {
  const index = text.indexOf(at);
  return index < 0 ? [text.trim(), undefined] : [text.slice(0, index).trim(), text.slice(index + 1)];
}
