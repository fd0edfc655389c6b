import { z } from 'zod';
import { code, coded } from './code.ts';
import { power } from './consent.ts';
import { duration } from './duration.ts';
import { term } from './term.ts';

const grounds = z.array(coded).min(1);
const outcomes = ['positive', 'negative', 'disqualified'] as const;
const outcome = z.enum(outcomes);

/** One decision of the formal process: who makes it, by when, and what follows. */
const step = z.object({
  code,
  says: z.string().min(1),
  /** Roles that may decide it. */
  decidedBy: z.array(code).min(1),
  term,
  /** Decisions of these outcomes count only when a second person of the same authority has confirmed them. */
  secondPerson: z.array(outcome),
  /** The recovery and reflection period begins with a positive decision of this step. */
  beginsRecovery: z.boolean(),
  /** It may not be made while the recovery and reflection period runs: the person is to be left alone. */
  notDuringRecovery: z.boolean(),
  /** Undefined where the law gives none. */
  reconsideration: z.object({ askedWithin: term, decidedWithin: term, byAnotherPerson: z.boolean() }).optional(),
});

const SHORTEST_RECOVERY_DAYS = 30;

const recovery = z.object({
  term: term.refine(
    ({ unit, count }) => unit === 'days' && count >= SHORTEST_RECOVERY_DAYS,
    'must be 30 days at least (Council of Europe Convention, article 13)',
  ),
  extensionGrounds: grounds,
  extendedAtMost: term.refine(({ unit }) => unit === 'days', 'must be in days'),
  /** Only these end it early (article 13(3): public order, or status claimed improperly). */
  endGrounds: grounds,
});

const escalated = z
  .object({ after: duration, ownerRole: code })
  .transform(({ after, ownerRole }) => ({ afterMs: after, ownerRole }));

/** The formal process by which a status is decided, as data (`domain.md` §1). */
export const identification = z
  .object({
    /** The calendar of the competent authority. */
    calendar: code,
    /** Bodies that decide on a status, each with all that it may do: walls follow powers, not names of roles. */
    authorities: z
      .array(z.object({ organisationId: z.uuid('must be a UUID'), powers: z.array(power).min(1) }))
      .min(1)
      .max(50),
    /** Roles that may refer a person into the process. */
    referredBy: z.array(code).min(1),
    steps: z.array(step).min(1).max(4),
    recovery,
    /** An adult is referred only with a permission; without one a notice without identity may be owed. */
    dutyToNotify: z.object({ owed: z.boolean(), fields: z.array(code).max(4), within: term }),
    pauseGrounds: grounds,
    suspensionGrounds: grounds,
    ...{ returnReasons: grounds, reconsiderationReasons: grounds, adoptionGrounds: grounds },
    reasons: z.array(coded.extend({ outcome })).min(3),
    /** How long before its end a clock says that it will be due soon. */
    dueSoonBefore: duration,
    /** Who is told that a decision is overdue: the first at once, the others so long after, ever higher. */
    escalation: z.array(escalated).min(1).max(5),
  })
  .transform(({ dueSoonBefore, ...rest }) => ({ ...rest, dueSoonBeforeMs: dueSoonBefore }))
  .superRefine((procedure, context) => {
    const problem = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const codes = procedure.steps.map((one) => one.code);
    if (new Set(codes).size < codes.length) problem(['steps'], 'names a step twice');
    if (procedure.steps.filter((one) => one.beginsRecovery).length !== 1)
      problem(['steps'], 'must have one step that begins the recovery and reflection period');
    if (procedure.escalation.some(({ afterMs }, nth) => afterMs <= (procedure.escalation[nth - 1]?.afterMs ?? -1)))
      problem(['escalation'], 'must rise: each later than the one before');
    for (const of of outcomes)
      if (!procedure.reasons.some((one) => one.outcome === of)) problem(['reasons'], `names no reason for ${of}`);
  });

export type Identification = z.infer<typeof identification>;
export type Step = Identification['steps'][number];
