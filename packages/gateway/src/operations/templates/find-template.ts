import type { OperationFailure } from '@patchbay/contract';

import type { TemplateRecord } from '../../storage/records.ts';

/** Says that there is no such template. */
export const templateNotFound = (id: string): OperationFailure => ({
  code: 'TEMPLATE_NOT_FOUND',
  message: `There is no template with the id \`${id}\`. GET /api/admin/provider-templates lists them.`,
});

/** Says that a built-in template stays as it is. */
export const templateBuiltIn = ({ name }: TemplateRecord): OperationFailure => ({
  code: 'SYSTEM_RESOURCE',
  message: `Template \`${name}\` is built in and cannot be changed or deleted. Clone it and change the copy.`,
});

/** Says that a name is taken. */
export const templateExists = (name: string): OperationFailure => ({
  code: 'ALREADY_EXISTS',
  message: `There is a template with the name \`${name}\` already. Choose another, or update that one.`,
  field: 'name',
});
