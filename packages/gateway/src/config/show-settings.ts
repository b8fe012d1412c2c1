import type { Gathered, SettingSource } from './gather.ts';
import { SETTINGS, type SettingName } from './schema.ts';
import type { SettingRule } from './setting-rule.ts';

/** A setting as it may be shown. */
export interface ShownSetting {
  readonly name: string;
  /** Its text; of a secret only whether it is set. */
  readonly value: string | null;
  readonly source: 'environment' | 'file' | 'default';
  readonly description: string;
  /** True for those that can change while the gateway runs. */
  readonly changeable: boolean;
}

const SHOWN_SOURCES: Readonly<Record<SettingSource, ShownSetting['source']>> = {
  environment: 'environment',
  '.env': 'file',
  'config.yaml': 'file',
  default: 'default',
};

/** Every setting besides those of providers, with its value and where that comes from. */
export const showSettings = ({ values, sources }: Pick<Gathered, 'values' | 'sources'>): readonly ShownSetting[] =>
  (Object.entries(SETTINGS) as [SettingName, SettingRule<unknown>][]).map(([name, rule]) => {
    const text = values.get(name);
    const source = sources.get(name);
    return {
      name,
      value: rule.secret === true ? (text === undefined ? null : '[set]') : (text ?? textOf(rule.default)),
      source: SHOWN_SOURCES[source ?? 'default'],
      description: rule.about,
      changeable: false,
    };
  });

function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  if (value instanceof Map || Array.isArray(value)) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
