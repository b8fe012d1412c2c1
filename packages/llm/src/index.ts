export type { Failure, FailureKind, Result } from './model/failure.ts';
export type { GenerationRequest } from './model/request.ts';
export type { GenerationResponse } from './model/response.ts';
export type { StreamEvent } from './model/event.ts';
export type { Part } from './model/part.ts';
export type { Usage } from './model/usage.ts';
