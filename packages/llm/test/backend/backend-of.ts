import { createBackend, type Backend } from '../../src/backend.ts';
import type { BackendOptions } from '../../src/backend/backend-options.ts';
import { newProviderFactory, registerDefaultProviders, type TypedConfig } from '../../src/kit/factory.ts';
import type { Provider } from '../../src/kit/provider.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { isObject, textOf } from '../../src/wire/read.ts';

/** A provider of OpenAI's kind at an address. */
export function providerAt(url: string, config: TypedConfig = {}): Provider {
  const factory = newProviderFactory({ env: {} });
  registerDefaultProviders(factory);
  const base = { apiKey: 'your-api-key', baseUrl: `${url}/v1`, defaultModel: 'gpt-4o', maxRetries: 0 };
  return factory.createProvider('openai', { ...base, ...config });
}

/** A backend over one provider, called `openai`. */
export const backendOver = (provider: Provider, options: Omit<BackendOptions, 'providers'> = {}): Backend =>
  createBackend({ providers: { openai: provider }, ...options });

/** What a request was answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
  readonly data: JsonObject;
  readonly error: JsonObject;
  /** Of the error; empty where there is none. */
  readonly message: string;
}

/** Asks a backend and reads the envelope. A body is sent as JSON, text as it is. */
export async function ask(
  backend: (request: Request) => Promise<Response>,
  line: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await backend(requestOf(line, body, headers));
  const read: unknown = await response.json();
  const object = isObject(read) ? read : {};
  const member = (name: string): JsonObject => {
    const value = object[name];
    return isObject(value) ? value : {};
  };
  return {
    status: response.status,
    headers: response.headers,
    body: object,
    data: member('data'),
    error: member('error'),
    message: textOf(member('error')['message']) ?? '',
  };
}

/** A request of a line such as `GET /health`. */
export function requestOf(line: string, body?: unknown, headers: Record<string, string> = {}): Request {
  const [method = '', path = ''] = line.split(' ');
  return new Request(new URL(path, 'http://backend.test'), {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** The data of every event of a stream, parsed where it is JSON. */
export async function eventsOf(response: Response): Promise<readonly unknown[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((each) => each !== '')
    .map((each) => each.replace(/^data: /, ''))
    .map((each): unknown => (each === '[DONE]' ? each : JSON.parse(each)));
}
