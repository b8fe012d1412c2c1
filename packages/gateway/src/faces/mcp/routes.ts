import { statusIn, type OperationFailure } from '@patchbay/contract';
import { encodeFrame } from '@patchbay/llm/transport/sse-encode';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Principal } from '../../identity/principal.ts';
import { admit } from '../../serving/admission.ts';
import { allowOf, sendOptions, writeBrowserHeaders } from '../../serving/cross-origin.ts';
import { sendFailure, type Dress } from '../../serving/dress.ts';
import { BODY_BYTES_MAX, served, type FaceParts } from '../../serving/mount-operations.ts';
import { sendJson } from '../../serving/send-json.ts';
import { failureOfError, signalOf } from '../../serving/serve-operation.ts';
import type { ToolCircumstances } from './call-tool.ts';
import { isForeignOrigin } from './foreign-origin.ts';
import { answerTo, isMembers, readMessage, RPC_CODES, rpcError, type Message } from './json-rpc.ts';
import { answerMethod, PROTOCOL_VERSIONS, type ToolServer } from './methods.ts';
import { toolsOf } from './tools.ts';

const PATH = '/mcp';
const METHODS = ['POST'] as const;
/** Most messages of a batch, which counts as one request. */
const BATCH_MAX = 20;

/** Failures before a message was read, in the shape of the protocol. */
const MCP_DRESS: Dress = {
  face: 'accounts',
  sendFailure: (reply, { code, message }) =>
    sendJson(reply, statusIn('accounts', code), answerTo(null, rpcError(RPC_CODES.refused, message))),
};

/** The tool server at `/mcp`: streamable HTTP without sessions, so that any replica may answer any request. */
export function mcpRoutes(app: FastifyInstance, parts: FaceParts & { readonly version: string }): void {
  const tools = toolsOf([...served(parts, 'catalogue'), ...served(parts, 'accounts')]);
  const server = { parts, tools, version: parts.version };
  const principals = new WeakMap<FastifyRequest, Principal>();
  void app.register((scope, _, done) => {
    scope.addHook('onRequest', async (request, reply) => {
      const failure = await keptOut(parts, request, reply, principals);
      return failure === undefined ? undefined : sendFailure(MCP_DRESS, reply, failure);
    });
    scope.setErrorHandler((error, request, reply) =>
      sendFailure(MCP_DRESS, reply, failureOfError(parts, error, request.id)),
    );
    scope.post(PATH, { bodyLimit: BODY_BYTES_MAX }, (request, reply) => {
      const principal = principals.get(request);
      if (principal === undefined) throw new TypeError('A request came past its admission.');
      return serveMessages(server, request, reply, principal);
    });
    scope.route({
      method: ['GET', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'],
      url: PATH,
      handler: (request, reply) =>
        request.method === 'OPTIONS'
          ? sendOptions(reply, METHODS)
          : sendFailure(MCP_DRESS, reply.header('allow', allowOf(METHODS)), ONLY_POST),
    });
    done();
  });
}

/** Why a request is not looked at any further; who sent it is noted in `principals`. */
async function keptOut(
  parts: FaceParts,
  request: FastifyRequest,
  reply: FastifyReply,
  principals: WeakMap<FastifyRequest, Principal>,
): Promise<OperationFailure | undefined> {
  writeBrowserHeaders(request, reply, parts.corsOrigins);
  if (isForeignOrigin(request.headers, parts.corsOrigins)) return FOREIGN;
  if (request.method === 'OPTIONS') return undefined;
  const tooMany = await parts.limit(request, reply);
  if (tooMany !== undefined || request.method !== 'POST') return tooMany;
  const admission = await admit(parts.authenticator, { permission: 'signed-in' }, request);
  if (!admission.ok) return admission.failure;
  if (admission.principal !== undefined) principals.set(request, admission.principal);
  return undefined;
}

/** Answers what was posted: one message, or several from clients of the oldest version. */
async function serveMessages(
  server: ToolServer,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
): Promise<FastifyReply> {
  const format = answerFormat(request.headers.accept);
  if (format === undefined) return refuse(reply, 406, RPC_CODES.refused, NOT_ACCEPTED);
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    return refuse(reply, 415, RPC_CODES.unreadable, 'Send JSON, with `Content-Type: application/json`.');
  const posted = parsed(request.body);
  if (posted === undefined) return refuse(reply, 400, RPC_CODES.unreadable, 'The body is not valid JSON in UTF-8.');
  const problem = problemOf(posted.value, request.headers['mcp-protocol-version']);
  if (problem !== undefined) return refuse(reply, 400, RPC_CODES.invalidRequest, problem);
  const circumstances = {
    principal,
    requestId: request.id,
    peer: request.socket.remoteAddress ?? '',
    signal: signalOf(reply),
  };
  const answers = await answersTo(server, [posted.value].flat().map(readMessage), circumstances);
  if (answers.length === 0) return reply.code(202).send();
  const answer = Array.isArray(posted.value) ? answers : answers[0];
  if (format === 'json') return sendJson(reply, 200, answer);
  const frame = encodeFrame({ event: 'message', data: JSON.stringify(answer) });
  return reply.code(200).type('text/event-stream').send(frame);
}

/** One after the other: a batch may change something and then look at it. */
async function answersTo(
  server: ToolServer,
  messages: readonly Message[],
  circumstances: ToolCircumstances,
): Promise<readonly object[]> {
  const answers: object[] = [];
  for (const message of messages) {
    // oxlint-disable-next-line no-await-in-loop
    if (message.kind === 'request')
      answers.push(answerTo(message.id, await answerMethod(server, message, circumstances)));
  }
  return answers;
}

/** JSON alone is one answer; a stream with one event is for those who take nothing else. */
function answerFormat(accept = '*/*'): 'json' | 'stream' | undefined {
  if (/application\/(?:json|\*)|\*\/\*/i.test(accept)) return 'json';
  return /text\/(?:event-stream|\*)/i.test(accept) ? 'stream' : undefined;
}

function parsed(body: unknown): { readonly value: unknown } | undefined {
  if (!(body instanceof Buffer)) return undefined;
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown };
  } catch {
    return undefined;
  }
}

/** What is wrong with the whole of what was posted. */
function problemOf(posted: unknown, version: string | string[] | undefined): string | undefined {
  const each = Array.isArray(posted) ? posted : [posted];
  if (each.length === 0 || each.length > BATCH_MAX) return `Send 1 to ${BATCH_MAX} messages at once.`;
  if (each.some((value) => readMessage(value).kind === 'invalid')) return 'That is no message of JSON-RPC 2.0.';
  // Whoever begins does not know yet what is spoken here.
  if (version === undefined || (isMembers(posted) && posted['method'] === 'initialize')) return undefined;
  if (typeof version === 'string' && PROTOCOL_VERSIONS.includes(version)) return undefined;
  return `This version of the protocol is not spoken here. Known: ${PROTOCOL_VERSIONS.join(', ')}.`;
}

const refuse = (reply: FastifyReply, status: number, code: number, message: string): FastifyReply =>
  sendJson(reply, status, answerTo(null, rpcError(code, message)));

const NOT_ACCEPTED = 'Answers are JSON or an event stream: send `Accept: application/json, text/event-stream`.';

const FOREIGN: OperationFailure = {
  code: 'INSUFFICIENT_PERMISSIONS',
  message: 'Pages of this origin may not use the tools. Add it to CORS_ORIGIN if they should.',
};

const ONLY_POST: OperationFailure = {
  code: 'METHOD_NOT_ALLOWED',
  message: '/mcp takes POST. There are no sessions to end and no messages that nobody asked for.',
};
