import type { Operation, OperationId } from '@patchbay/contract';
import { inputSchemaOf } from '@patchbay/contract';

import type { Performed } from '../../serving/serve-operation.ts';

/** One operation as a tool. */
export interface Tool extends Performed {
  readonly name: string;
  /** As `tools/list` shows it. */
  readonly shown: object;
}

/** Which operation stands behind each tool. */
const TOOL_OPERATIONS: Readonly<Record<string, OperationId>> = {
  list_models: 'models.list',
  list_mappings: 'mappings.list',
  create_mapping: 'mappings.create',
  update_mapping: 'mappings.update',
  delete_mapping: 'mappings.delete',
  usage_summary: 'usage.dashboard',
  recent_calls: 'requestLogs.list',
  explain_request: 'explain.request',
  list_accounts: 'accounts.list',
  account_health: 'authManager.accounts',
};

/** Every tool by its name. Throws the name of an operation that nothing carries out. */
export const toolsOf = (performed: readonly Performed[]): ReadonlyMap<string, Tool> =>
  new Map(
    Object.entries(TOOL_OPERATIONS).map(([name, id]) => {
      const behind = performed.find(({ operation }) => operation.id === id);
      if (behind === undefined) throw new Error(`The tool ${name} has no operation ${id}.`);
      return [name, { ...behind, name, shown: shownTool(name, behind.operation) }];
    }),
  );

const shownTool = (name: string, operation: Operation): object => ({
  name,
  description: operation.summary,
  inputSchema: inputSchemaOf(operation),
  annotations: {
    readOnlyHint: operation.reads ?? operation.method === 'GET',
    destructiveHint: operation.method === 'DELETE' || operation.method === 'PUT',
    idempotentHint: operation.method !== 'POST' || operation.reads === true,
    openWorldHint: false,
  },
});
