import { Secret } from '@patchbay/llm/credentials/secret';

import type { ReadSetting } from './management-settings.ts';
import type { Reader } from './readers.ts';
import type { TracingSettings } from './settings.ts';

/** Where spans go, by the names that OpenTelemetry gives to these settings; `undefined` where nobody wants them. */
export function readTracing(get: ReadSetting): TracingSettings | undefined {
  const [all, traces] = [get('OTEL_EXPORTER_OTLP_ENDPOINT'), get('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')];
  const [headers, serviceName] = [get('OTEL_EXPORTER_OTLP_HEADERS'), get('OTEL_SERVICE_NAME')];
  const url = traces ?? (all === undefined ? undefined : `${all}/v1/traces`);
  return url === undefined ? undefined : { url, headers: headersIn(headers), serviceName };
}

/** `name=value,name=value`, values percent-encoded where they hold a comma. */
export const headerList: Reader<string> = (text) => {
  const entries = text.split(',').map((each) => each.trim());
  const isSound = (entry: string): boolean => /^[A-Za-z0-9-]+\s*=\s*[\x21-\x7e]+$/.test(entry) && isDecodable(entry);
  return entries.every(isSound)
    ? { value: text }
    : { wanted: 'a comma list of headers such as authorization=Bearer%20secret, values percent-encoded' };
};

function headersIn(text = ''): Readonly<Record<string, Secret>> {
  const entries = text.split(',').filter((each) => each.trim() !== '');
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      const value = decodeURIComponent(entry.slice(at + 1).trim());
      return [entry.slice(0, at).trim().toLowerCase(), new Secret(value)];
    }),
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
