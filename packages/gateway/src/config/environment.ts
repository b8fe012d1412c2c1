import process from 'node:process';

/** The process environment as it is now. The only reader of it. */
export const readEnvironment = (): Readonly<Record<string, string | undefined>> => ({ ...process.env });
