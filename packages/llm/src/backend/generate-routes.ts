import { AuthError } from '../credentials/auth-error.ts';
import type { ChatCompletionStream } from '../kit/chat-stream.ts';
import type { ChatCallOptions } from '../kit/generate-options.ts';
import type { Provider } from '../kit/provider.ts';
import { PluginError } from '../plugins/plugin-error.ts';
import { BackendError, backendErrorOf } from './backend-error.ts';
import { providerOf, type BackendContext } from './context.ts';
import { startHearing } from './hear-answer.ts';
import type { BackendCall, Route } from './path-table.ts';
import { presentAnswer, presentChunk, type GeneratedAnswer } from './present.ts';
import { readGenerate, type GenerateRequest } from './read-generate.ts';
import { streamEvents } from './stream-events.ts';

/** `POST /api/generate`: one question, one provider, whole or streamed. */
export const generateRoutes = (context: BackendContext): readonly Route[] => [
  { method: 'POST', path: '/api/generate', handle: (call) => generate(context, call) },
];

async function generate(context: BackendContext, call: BackendCall): Promise<unknown> {
  const read = readGenerate(await context.body(call.request));
  if (!read.ok) throw mistake(read.failure);
  const { registry, around } = context.extensions();
  const asked = await registry.beforeGenerate(read.value);
  if (asked.options.stream === true) return streamed(context, call, asked);
  const answer = await around.run(asked, (request) => whole(context, call, request));
  return presentAnswer(await registry.afterGenerate(asked, answer));
}

const mistake = ({
  message,
  path,
  code,
}: {
  readonly message: string;
  readonly path?: string;
  readonly code?: string;
}): BackendError =>
  code === 'missing'
    ? new BackendError('MISSING_PARAMETER', { message, details: { parameter: path } })
    : new BackendError('INVALID_REQUEST', { message, details: { path } });

async function whole(context: BackendContext, call: BackendCall, request: GenerateRequest): Promise<GeneratedAnswer> {
  const { provider, name } = await chosen(context, request);
  const heard = startHearing();
  try {
    const stream = await provider.generateChatCompletion(request.options, await callOptions(context, name, call));
    for await (const chunk of stream) heard.hear(chunk);
    return heard.answer({ request, name, model: provider.getDefaultModel() });
  } catch (error) {
    throw await providerError(context, name, error, 'GENERATION_ERROR');
  }
}

/** What fails before the first event is an answer with its own status; what fails later is the stream's last event. */
async function streamed(context: BackendContext, call: BackendCall, request: GenerateRequest): Promise<Response> {
  const { provider, name } = await chosen(context, request);
  if (!provider.supportsStreaming())
    throw new BackendError('STREAMING_NOT_SUPPORTED', {
      message: `${name} does not stream. Ask without \`stream\`.`,
      details: { provider: name },
    });
  let stream: ChatCompletionStream;
  try {
    stream = await provider.generateChatCompletion(request.options, await callOptions(context, name, call));
  } catch (error) {
    throw await providerError(context, name, error, 'GENERATION_ERROR');
  }
  const heard = startHearing();
  const { registry } = context.extensions();
  return streamEvents(stream, {
    async show(chunk) {
      heard.hear(chunk);
      if (chunk.done)
        await registry.afterGenerate(request, heard.answer({ request, name, model: provider.getDefaultModel() }));
      return presentChunk(chunk);
    },
    failed: (error) => providerError(context, name, error, 'STREAM_ERROR'),
  });
}

async function chosen(
  context: BackendContext,
  request: GenerateRequest,
): Promise<{ readonly name: string; readonly provider: Provider }> {
  const name = request.provider ?? context.defaultProvider;
  if (name === undefined)
    throw new BackendError('MISSING_PARAMETER', { message: 'Name a `provider`.', details: { parameter: 'provider' } });
  const provider = providerOf(context, name);
  await context.extensions().registry.providerSelected(name, request);
  return { name, provider };
}

/** Whoever is signed in to under `/api/oauth` is presented; everybody else presents what they were made with. */
async function callOptions(
  { oauth }: Pick<BackendContext, 'oauth'>,
  name: string,
  { request, requestId }: BackendCall,
): Promise<ChatCallOptions> {
  const plain = { signal: request.signal, correlationId: requestId };
  if (oauth === undefined || !(await oauth.isAuthenticated(name))) return plain;
  return { ...plain, credential: { accessToken: await oauth.getAuthenticator(name).getToken(request.signal) } };
}

/** Tells extensions of what a provider did wrong, not of what they did themselves. */
async function providerError(
  context: BackendContext,
  name: string,
  error: unknown,
  code: 'GENERATION_ERROR' | 'STREAM_ERROR',
): Promise<BackendError> {
  if (error instanceof PluginError) return backendErrorOf(code, error);
  await context
    .extensions()
    .registry.providerFailed(name, error)
    .catch((fault: unknown) => context.log('error', 'An extension failed while it heard of an error.', { fault }));
  if (error instanceof Error && !(error instanceof AuthError)) context.log('warn', error.message, { provider: name });
  return backendErrorOf(code, error);
}
