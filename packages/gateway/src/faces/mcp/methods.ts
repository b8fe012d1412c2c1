import { lackOf } from '../../serving/admission.ts';
import type { PerformingParts } from '../../serving/serve-operation.ts';
import { callTool, type ToolCircumstances } from './call-tool.ts';
import { isMembers, RPC_CODES, rpcError, type Members, type Outcome } from './json-rpc.ts';
import type { Tool } from './tools.ts';

/** What the tool server answers with. */
export interface ToolServer {
  readonly parts: PerformingParts;
  readonly tools: ReadonlyMap<string, Tool>;
  /** Of the gateway. */
  readonly version: string;
}

/** Versions of the protocol that are spoken, the newest first. */
export const PROTOCOL_VERSIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26'];

type Method = (server: ToolServer, params: Members, circumstances: ToolCircumstances) => Outcome | Promise<Outcome>;

/** Answers one request by its method. */
export async function answerMethod(
  server: ToolServer,
  { method, params }: { readonly method: string; readonly params: Members },
  circumstances: ToolCircumstances,
): Promise<Outcome> {
  const answer = METHODS.get(method);
  if (answer === undefined)
    return rpcError(RPC_CODES.unknownMethod, `There is no method ${method.slice(0, 100)} here.`);
  return answer(server, params, circumstances);
}

/** A version that we do not speak is answered with our newest: the client decides whether it goes on. */
const initialize: Method = ({ version }, { protocolVersion }) => ({
  result: {
    protocolVersion: PROTOCOL_VERSIONS.find((each) => each === protocolVersion) ?? PROTOCOL_VERSIONS[0],
    capabilities: { tools: { listChanged: false } },
    serverInfo: { name: 'patchbay', title: 'Patchbay', version },
    instructions: INSTRUCTIONS,
  },
});

const INSTRUCTIONS =
  'Tools of an AI gateway: its models, the names that stand for them, its usage and its calls. Each acts with the rights of the credential that was shown; those beyond them are not listed.';

const listTools: Method = ({ tools }, _, { principal }) => ({
  result: {
    tools: [...tools.values()]
      .filter(({ operation }) => lackOf(operation, principal) === undefined)
      .map(({ shown }) => shown),
  },
});

const callNamed: Method = async ({ parts, tools }, { name, arguments: given = {} }, circumstances) => {
  const tool = typeof name === 'string' ? tools.get(name) : undefined;
  if (tool === undefined)
    return rpcError(RPC_CODES.invalidParams, 'There is no such tool. `tools/list` names those that there are.');
  if (!isMembers(given)) return rpcError(RPC_CODES.invalidParams, 'The arguments of a tool must be an object.');
  return { result: await callTool(parts, tool, given, circumstances) };
};

const METHODS: ReadonlyMap<string, Method> = new Map([
  ['initialize', initialize],
  ['ping', () => ({ result: {} })],
  ['tools/list', listTools],
  ['tools/call', callNamed],
]);
