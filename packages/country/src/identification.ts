import { uuid } from '@opennrm/runtime/id';
import { z } from 'zod';
import { code, coded } from './code.ts';
import { power } from './consent.ts';
import { duration } from './duration.ts';
import { term } from './term.ts';

const grounds = z.array(coded).min(1);
const outcomes = ['positive', 'negative', 'disqualified'] as const;
const outcome = z.enum(outcomes);

/** One decision of the formal process: who makes it, its term, and its consequences. */
const step = z.object({
  code,
  label: z.string().min(1),
  /** Roles that may make the decision. */
  decidedBy: z.array(code).min(1),
  term,
  /** Decisions with these outcomes are valid only after a second person of the same authority has confirmed them. */
  secondPerson: z
    .array(outcome)
    .refine(
      (all) => all.includes('disqualified'),
      'must name disqualified: one person alone may not withdraw protection',
    ),
  /** The recovery and reflection period begins with a positive decision of this step. */
  beginsRecovery: z.boolean(),
  /** The decision may not be made during the recovery and reflection period, in which the person is not to be contacted about it. */
  notDuringRecovery: z.boolean(),
  /** Undefined when the law has no reconsideration. */
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
  /** Only these reasons end recovery early (article 13(3)); a refusal to testify never does. */
  endGrounds: z
    .array(
      coded.extend({
        code: z.enum(['public-order', 'status-claimed-improperly'], LAWFUL_END_RULE),
      }),
    )
    .min(1),
});

/**
 * A level of escalation: a role, and the organisation whose staff in that role are notified. Undefined for the authority that has the
 * procedure.
 */
const escalationLevel = z
  .object({ after: duration, ownerRole: code, organisationId: uuid().optional() })
  .refine(
    ({ ownerRole, organisationId }) =>
      (ownerRole === 'competent-authority') === (organisationId === undefined),
    'must name an organisation, unless it is the authority that has the procedure',
  )
  .transform(({ after, ...owner }) => ({ afterMs: after, ...owner }));

/** Pause grounds, and whom the procedure waits for during the pause. */
const inactiveGrounds = z
  .array(coded.extend({ waitsFor: z.enum(['informants', 'person', 'court']) }))
  .min(1);

/** The formal process by which a status is decided, as data (`domain.md` §1). */
export const identification = z
  .object({
    /** The calendar of the competent authority. */
    calendar: code,
    /** Authorities that decide on a status, with all their powers. Limits of access follow powers, not names of roles. */
    authorities: z
      .array(z.object({ organisationId: uuid(), powers: z.array(power).min(1) }))
      .min(1)
      .max(50),
    /** Roles that may refer a person into the process. */
    referredBy: z.array(code).min(1),
    steps: z.array(step).min(1).max(4),
    recovery,
    /** An adult is referred only with a permission. Without one, a notice without identity may be required. */
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
    /** After these terms a draft lapses by itself; an unfinished pause and an unconfirmed disqualification are escalated. */
    inactive: z.object({ draft: term, pause: term, disqualification: term }),
    pauseGrounds: inactiveGrounds,
    suspensionGrounds: inactiveGrounds,
    extensionGrounds: grounds,
    returnReasons: grounds,
    reconsiderationReasons: grounds,
    adoptionGrounds: grounds,
    /** The term in which the person must be notified of a decision, and the possible forms. */
    notifyPersonWithin: term,
    notificationForms: grounds,
    /** Reasons for a conclusion that differs from the result of the indicators. */
    conclusionReasons: grounds,
    /**
     * The class of services that helps a person who was exploited but not trafficked. It may be one that cannot be requested here yet.
     */
    labourRights: z.object({ serviceClass: code }),
    reasons: z.array(coded.extend({ outcome })).min(3),
    /** How long before its end a deadline is announced as due soon. */
    dueSoonBefore: duration,
    /** Who is notified that a decision is overdue: the first level at once, each later level after its own time. */
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
      problem(['escalation'], 'must increase: each later than the one before');
    // The first level is notified at once, so that no statutory deadline passes unnoticed.
    if (procedure.escalation[0]?.afterMs !== 0)
      problem(['escalation', 0, 'after'], 'must be 0 h: notified at once');
    for (const of of outcomes)
      if (!procedure.reasons.some((one) => one.outcome === of))
        problem(['reasons'], `names no reason for ${of}`);
  });

export type Identification = z.infer<typeof identification>;
export type Step = Identification['steps'][number];
