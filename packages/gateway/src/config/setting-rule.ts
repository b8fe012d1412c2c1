import { secretText, type Reader } from './readers.ts';

/** One setting: how its text is read, what holds when it is absent, and what it means. */
export interface SettingRule<T> {
  readonly read: Reader<T>;
  readonly default: T;
  readonly about: string;
  /** True when the value must never be shown. */
  readonly secret?: true;
}

/** A setting that may be shown. */
export const rule = <T>(read: Reader<T>, byDefault: T, about: string): SettingRule<T> => ({
  read,
  default: byDefault,
  about,
});

/** A setting of at least `min` characters that may not. */
export const secret = (min: number, about: string): SettingRule<string | undefined> => ({
  read: secretText(min),
  default: undefined,
  about,
  secret: true,
});
