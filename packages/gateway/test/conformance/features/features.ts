import type { Feature } from '../scenario.ts';
import { cachedTokens } from './cached-tokens.ts';
import { cancel } from './cancel.ts';
import { error400 } from './error-400.ts';
import { error401 } from './error-401.ts';
import { error403 } from './error-403.ts';
import { error404 } from './error-404.ts';
import { error413 } from './error-413.ts';
import { error429 } from './error-429.ts';
import { error500 } from './error-500.ts';
import { error529 } from './error-529.ts';
import { errorAfterFirstToken } from './error-after-first-token.ts';
import { image } from './image.ts';
import { jsonSchema } from './json-schema.ts';
import { lengthStop } from './length-stop.ts';
import { multiTurn } from './multi-turn.ts';
import { parallelTools } from './parallel-tools.ts';
import { pdf } from './pdf.ts';
import { reasoning } from './reasoning.ts';
import { reasoningSigned } from './reasoning-signed.ts';
import { refusal } from './refusal.ts';
import { singleTool } from './single-tool.ts';
import { stopSequences } from './stop-sequences.ts';
import { streamedArguments } from './streamed-arguments.ts';
import { system } from './system.ts';
import { text } from './text.ts';
import { toolResultError } from './tool-result-error.ts';
import { toolResultImage } from './tool-result-image.ts';
import { toolResultText } from './tool-result-text.ts';

/** Every feature of the grid, in the order of its rows. */
export const FEATURES: readonly Feature[] = [
  text,
  system,
  multiTurn,
  singleTool,
  parallelTools,
  streamedArguments,
  toolResultText,
  toolResultImage,
  toolResultError,
  reasoning,
  reasoningSigned,
  image,
  pdf,
  jsonSchema,
  stopSequences,
  lengthStop,
  refusal,
  cachedTokens,
  error400,
  error401,
  error403,
  error404,
  error413,
  error429,
  error500,
  error529,
  errorAfterFirstToken,
  cancel,
];
