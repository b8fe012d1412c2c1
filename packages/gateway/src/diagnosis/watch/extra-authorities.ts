import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A file of authorities that this process was told to trust besides its own. */
export interface ExtraAuthorities {
  readonly file: string;
  /** Why what is in it is not trusted, wholly or in part; `undefined` where all of it is. */
  problem(): Promise<AuthoritiesProblem | undefined>;
}

export interface AuthoritiesProblem {
  /** `unreadable`: none of it counts. `expired`: every certificate in it has ended. */
  readonly kind: 'unreadable' | 'expired';
  readonly why: string;
}

const PEM = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** The file that `NODE_EXTRA_CA_CERTS` names; Node.js reads it once, at the start, and only warns of what it cannot use. */
export const extraAuthorities = (file: string, nowMs: () => number): ExtraAuthorities => ({
  file,
  problem: async () => {
    try {
      return problemOf(await readFile(file, 'utf8'), nowMs());
    } catch (error) {
      return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) };
    }
  },
});

function problemOf(text: string, nowMs: number): AuthoritiesProblem | undefined {
  const found = text.match(PEM) ?? [];
  if (found.length === 0) return { kind: 'unreadable', why: 'it has no certificate as PEM in it' };
  const ends = found.map((each) => new X509Certificate(each).validToDate.getTime());
  const last = Math.max(...ends);
  return last >= nowMs
    ? undefined
    : { kind: 'expired', why: `the last of them ended on ${new Date(last).toISOString()}` };
}
