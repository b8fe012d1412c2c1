import { anyText, flag, hostName, originList, wholeNumber } from './readers.ts';
import { rule, secret } from './setting-rule.ts';

/** Settings for looking into a gateway, and other names by which guides set what there is already. */
export const DEBUG_RULES = {
  DB_HOST: rule<string | undefined>(
    hostName,
    undefined,
    'PostgreSQL in parts, where DATABASE_URL is not set: its host.',
  ),
  DB_PORT: rule(wholeNumber(1, 65_535), 5432, 'Its port.'),
  DB_NAME: rule(anyText, 'patchbay', 'Name of its database.'),
  DB_USER: rule(anyText, 'postgres', 'Its user.'),
  DB_PASSWORD: secret(1, 'Password of that user, where it has one.'),
  ALLOWED_ORIGINS: rule(
    originList,
    [] as readonly string[],
    'The same as CORS_ORIGIN; origins of both count: http://localhost:3000,https://your-app.com.',
  ),
  LOG_DIR: rule<string | undefined>(
    anyText,
    undefined,
    'Folder of application.log (0600), which has the log too, ten MiB a file; default: /var/log/prompt-library where it is.',
  ),
  PROFILING: rule(flag, false, 'Whether this machine may take profiles at http://localhost:6060/debug/pprof/.'),
  PROFILING_PORT: rule(wholeNumber(0, 65_535), 6060, 'Port of those profiles, on the loopback address alone.'),
  DEBUG: rule(
    anyText,
    '',
    'true: log at debug, and /v1/debug/* open to this machine. Or areas to tell of on standard error: patchbay:*,-patchbay:calls.',
  ),
} as const;
