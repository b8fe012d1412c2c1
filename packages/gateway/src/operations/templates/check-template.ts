import type { OperationFailure, ValidationError } from '@patchbay/contract';
import type { AuthConfig } from '@patchbay/contract/resources/provider';
import type { CreateTemplate, DefaultModel, ProviderConfig } from '@patchbay/contract/resources/template';

import { isSecretField, type HeldAuth } from '../providers/auth-config.ts';
import { authProblems } from '../providers/auth-problems.ts';
import { endpointProblem } from '../providers/endpoint.ts';

/** Why this can be no template, or `undefined`. */
export function templateProblem({
  providerConfig,
  defaultModels,
}: Pick<CreateTemplate, 'providerConfig' | 'defaultModels'>): OperationFailure | undefined {
  const errors = [...configProblems(providerConfig), ...modelProblems(providerConfig, defaultModels)];
  if (errors.length === 0) return undefined;
  return {
    code: 'INVALID_TEMPLATE',
    message: `The template cannot be used: ${errors.map(({ field, message }) => `${field}: ${message}`).join(' ')}`,
    ...(errors[0] && { field: errors[0].field }),
    validationErrors: errors,
  };
}

function configProblems({ apiEndpoint, authMethod, authConfig }: ProviderConfig): readonly ValidationError[] {
  const endpoint = endpointProblem(apiEndpoint, Object.keys(authConfig.fields));
  const errors = [
    ...(endpoint === undefined ? [] : [{ field: 'apiEndpoint', message: endpoint }]),
    ...authProblems(authMethod, heldAuth(authConfig)),
    ...secretProblems(authConfig),
  ];
  return errors.map((each) => ({ ...each, field: `providerConfig.${each.field}` }));
}

/** A template's sign-in in the form of a row's. */
export const heldAuth = ({ type, fields, headers, testEndpoint }: AuthConfig): HeldAuth => ({
  type,
  fields,
  ...(headers && { headers }),
  ...(testEndpoint !== undefined && { testEndpoint }),
});

function secretProblems({ fields }: AuthConfig): readonly ValidationError[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    typeof field === 'string' && isSecretField(name)
      ? [
          {
            field: `authConfig.fields.${name}`,
            message: 'A template holds no secrets. Describe the field instead, as in {"required": true}.',
          },
        ]
      : [],
  );
}

function modelProblems({ capabilities }: ProviderConfig, models: readonly DefaultModel[]): readonly ValidationError[] {
  const most = capabilities?.maxContextLength ?? Number.POSITIVE_INFINITY;
  const seen = new Set<string>();
  let defaults = 0;
  return models.flatMap(({ identifier, contextLength, isDefault }, index) => {
    const at = `defaultModels.${index}`;
    const errors: ValidationError[] = [];
    if (seen.has(identifier)) errors.push({ field: `${at}.identifier`, message: `\`${identifier}\` is there twice.` });
    seen.add(identifier);
    if (contextLength > most)
      errors.push({ field: `${at}.contextLength`, message: `Must be at most ${most}, as the provider's.` });
    if (isDefault === true && (defaults += 1) > 1)
      errors.push({ field: `${at}.isDefault`, message: 'Only one model can be the default.' });
    return errors;
  });
}
