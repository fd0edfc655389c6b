import { uuid } from '@opennrm/runtime/id';
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
  label: z.string().min(1),
  /** Roles that may decide it. */
  decidedBy: z.array(code).min(1),
  term,
  /** Decisions of these outcomes count only when a second person of the same authority has confirmed them. */
  secondPerson: z
    .array(outcome)
    .refine(
      (all) => all.includes('disqualified'),
      'must name disqualified: no one person takes protection away',
    ),
  /** The recovery and reflection period begins with a positive decision of this step. */
  beginsRecovery: z.boolean(),
  /** It may not be made while the recovery and reflection period runs: the person is to be left alone. */
  notDuringRecovery: z.boolean(),
  /** Undefined where the law gives none. */
  reconsideration: z
    .object({ askedWithin: term, decidedWithin: term, byAnotherPerson: z.boolean() })
    .optional(),
});

const SHORTEST_RECOVERY_DAYS = 30;

const LAWFUL_END_RULE =
  'must be public-order or status-claimed-improperly (Council of Europe Convention, article 13(3))';

const recovery = z.object({
  term: term.refine(
    ({ unit, count }) => unit === 'days' && count >= SHORTEST_RECOVERY_DAYS,
    'must be 30 days at least (Council of Europe Convention, article 13)',
  ),
  extensionGrounds: grounds,
  extendedAtMost: term.refine(({ unit }) => unit === 'days', 'must be in days'),
  /** Only these end it early (article 13(3)): never that the person will not testify. */
  endGrounds: z
    .array(
      coded.extend({
        code: z.enum(['public-order', 'status-claimed-improperly'], LAWFUL_END_RULE),
      }),
    )
    .min(1),
});

/** A rung of the ladder: a role, and the body whose people in that role are told. The authority that has the procedure names itself. */
const escalationLevel = z
  .object({ after: duration, ownerRole: code, organisationId: uuid().optional() })
  .refine(
    ({ ownerRole, organisationId }) =>
      (ownerRole === 'competent-authority') === (organisationId === undefined),
    'must name a body, unless it is the authority that has the procedure',
  )
  .transform(({ after, ...whom }) => ({ afterMs: after, ...whom }));

/** Whom a procedure waits for while it rests on a ground. */
const inactiveGrounds = z
  .array(coded.extend({ waitsFor: z.enum(['informants', 'person', 'court']) }))
  .min(1);

/** The formal process by which a status is decided, as data (`domain.md` §1). */
export const identification = z
  .object({
    /** The calendar of the competent authority. */
    calendar: code,
    /** Bodies that decide on a status, each with all that it may do: power limits follow powers, not names of roles. */
    authorities: z
      .array(z.object({ organisationId: uuid(), powers: z.array(power).min(1) }))
      .min(1)
      .max(50),
    /** Roles that may refer a person into the process. */
    referredBy: z.array(code).min(1),
    steps: z.array(step).min(1).max(4),
    recovery,
    /** An adult is referred only with a permission; without one a notice without identity may be owed. */
    dutyToNotify: z.object({
      required: z.boolean(),
      fields: z.array(
        z.enum(
          ['gender', 'nationality'],
          'must be gender or nationality: a notice carries nothing else',
        ),
      ),
      within: term,
    }),
    /** After this a draft lapses by itself; a pause, and a yes that is to be taken back, are told up the ladder. */
    inactive: z.object({ draft: term, pause: term, disqualification: term }),
    pauseGrounds: inactiveGrounds,
    suspensionGrounds: inactiveGrounds,
    extensionGrounds: grounds,
    returnReasons: grounds,
    reconsiderationReasons: grounds,
    adoptionGrounds: grounds,
    /** By when the person must have been notified of a decision, and in which ways. */
    notifyPersonWithin: term,
    notificationForms: grounds,
    /** Why a human concludes otherwise than the indicators of a screening. */
    conclusionReasons: grounds,
    /** Which class of services helps where somebody was exploited and not trafficked; it need not be one that can be requested here yet. */
    labourRights: z.object({ serviceClass: code }),
    reasons: z.array(coded.extend({ outcome })).min(3),
    /** How long before its end a clock says that it will be due soon. */
    dueSoonBefore: duration,
    /** Who is told that a decision is overdue: the first at once, the others so long after, ever higher. */
    escalation: z.array(escalationLevel).min(1).max(5),
  })
  .transform(({ dueSoonBefore, ...rest }) => ({ ...rest, dueSoonBeforeMs: dueSoonBefore }))
  .superRefine((procedure, context) => {
    const problem = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const codes = procedure.steps.map((one) => one.code);
    if (new Set(codes).size < codes.length) problem(['steps'], 'names a step twice');
    if (procedure.steps.filter((one) => one.beginsRecovery).length !== 1)
      problem(['steps'], 'must have one step that begins the recovery and reflection period');
    if (
      procedure.escalation.some(
        ({ afterMs }, nth) => afterMs <= (procedure.escalation[nth - 1]?.afterMs ?? -1),
      )
    )
      problem(['escalation'], 'must rise: each later than the one before');
    // Its first telling is that it is due: nothing of the law is late in silence.
    if (procedure.escalation[0]?.afterMs !== 0)
      problem(['escalation', 0, 'after'], 'must be 0 h: told at once');
    for (const of of outcomes)
      if (!procedure.reasons.some((one) => one.outcome === of))
        problem(['reasons'], `names no reason for ${of}`);
  });

export type Identification = z.infer<typeof identification>;
export type Step = Identification['steps'][number];
