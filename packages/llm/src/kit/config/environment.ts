/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's own variables; none where there is no process, such as in a browser. */
export const processEnvironment = (): Environment => globalThis.process?.env ?? {};
