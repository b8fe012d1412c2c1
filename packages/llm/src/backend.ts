export { BackendError, type BackendErrorFacts } from './backend/backend-error.ts';
export type { BackendExtension, BackendRouter } from './backend/backend-extension.ts';
export type { BackendAuth, BackendCors, BackendOptions } from './backend/backend-options.ts';
export { BACKEND_CODES, type BackendCode } from './backend/codes.ts';
export { createBackend, type Backend } from './backend/create-backend.ts';
export type { Envelope } from './backend/envelope.ts';
export type { BackendCall, Handle } from './backend/path-table.ts';
export type { GeneratedAnswer } from './backend/present.ts';
export type { GenerateRequest } from './backend/read-generate.ts';
export {
  loadBackendSettings,
  parseBackendSettings,
  type BackendSettings,
  type ServerSettings,
} from './backend/settings.ts';
