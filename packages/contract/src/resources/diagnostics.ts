import * as z from 'zod/mini';

import { Timestamp } from './page.ts';

/** How grave a finding is: `error` stops calls or loses something, `warning` will, `info` is worth knowing. */
export const FINDING_SEVERITIES = ['info', 'warning', 'error'] as const;

/** Something that is wrong, why, and what to do about it. */
export const Finding = z.object({
  /** Stable, and the same whatever it is found of: `provider-certificate-expired`. */
  code: z.string(),
  severity: z.enum(FINDING_SEVERITIES),
  /** What it is found of, e.g. `provider openai` or `account 4f1c`; `gateway` for the whole. */
  subject: z.string(),
  /** One line, as a heading. */
  title: z.string(),
  /** Why, as far as it can be known from here. */
  cause: z.string(),
  /** What to do: an exact command, a setting or a place in the console. */
  remedy: z.string(),
  /** What was seen, by name, without secrets. */
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** True where `doctor --fix` can do the remedy itself, safely and so that it can be undone. */
  fixable: z.boolean(),
});

/** What one examination found. */
export const Diagnosis = z.object({
  /** True when nothing was found that is an error. */
  sound: z.boolean(),
  /** The gravest first. */
  findings: z.array(Finding),
  checks: z.object({
    ran: z.int(),
    /** Ids of checks that do not apply here, because what they look at is not there. */
    skipped: z.array(z.string()),
  }),
  /** Milliseconds. */
  tookMs: z.number(),
  timestamp: Timestamp,
});

/** Which checks to run. */
export const ListDiagnostics = z.object({
  /** `here`: only checks that dial nobody. */
  reach: z.optional(z.enum(['here', 'network'])),
});

/** The finding to mend. */
export const FixFinding = z.object({ code: z.string(), subject: z.string() });
/** What was done. */
export const FixedFinding = z.object({ done: z.string() });

/** What `Finding` reads. */
export type Finding = z.output<typeof Finding>;
/** What `Diagnosis` reads. */
export type Diagnosis = z.output<typeof Diagnosis>;
