import type { OAuthDefinition } from '../definition.ts';
import { anthropic } from './anthropic.ts';
import { antigravity } from './antigravity.ts';
import { google } from './google.ts';
import { oidc } from './oidc.ts';
import { openai } from './openai.ts';
import { openrouter } from './openrouter.ts';
import { qwen } from './qwen.ts';

/** Every way of signing accounts in that the product knows, in the order in which it is shown. */
export const OAUTH_DEFINITIONS: readonly OAuthDefinition[] = [
  google,
  antigravity,
  qwen,
  openrouter,
  anthropic,
  openai,
  oidc,
];
