import { z } from 'zod';
import { code, coded, list } from './code.ts';
import { duration } from './duration.ts';

/** The powers of an organisation besides helping. Limits of access follow powers, not names of roles. */
export const power = z.enum(['identification', 'enforcement', 'immigration-control']);

/** An organisation with this power reads at most these sections for these purposes, whatever else permits more (`domain.md` §4). */
const powerLimit = z.object({ power, purposes: z.array(code), sections: z.array(code) });

/** A reason to open a file. `onePersonSuffices`: one person alone may open a file for this reason when a life is at risk. */
const openingReasons = z
  .array(coded.extend({ onePersonSuffices: z.boolean() }))
  .min(1)
  .refine(
    (entries) => new Set(entries.map((one) => one.code)).size === entries.length,
    'names a code twice',
  );

/**
 * The outcomes of a call back: the person's own decision or not. When the outcome is not final (`isFinal` false), the person is called
 * again.
 */
const callBackOutcome = coded
  .extend({ isOwnChoice: z.boolean().optional(), isFinal: z.boolean().default(true) })
  .refine(
    (one) => one.isFinal === (one.isOwnChoice !== undefined),
    'must state whether it was the own decision, or that it is not final',
  );

const breakGlass = z.object({
  reasons: openingReasons,
  /** How often one organisation may request to open one file within a day while no second person has confirmed. */
  maxUnconfirmedOpenings: z.number().int().min(1).max(20),
  /** Sections that may be opened without a basis, and how many of them at once. */
  sections: z.array(code).min(1),
  maxSections: z.number().int().min(1).max(10),
  duration: duration,
  /** The time limits of the confirmation by a second person, and of the review. */
  confirmedWithin: duration,
  reviewedWithin: duration,
});

/** The rules of consent of a country: what must be explained, who decides for a person who cannot, and the time limits. */
export const consent = z
  .object({
    /** What must have been explained before an agreement or a denial is valid. */
    explanations: list,
    longestPermission: duration,
    longestBasis: duration,
    warnBeforeEnd: duration,
    /** The time limit in which each service must acknowledge that it closed what a withdrawal closes. */
    acknowledgedWithin: duration,
    /** The time limit of the call back after a withdrawal by telephone, which may be coerced. */
    callBackWithin: duration,
    /** The time limit in which a person is asked after another person decided for them. */
    askPersonWithin: duration,
    /** How long before the eighteenth birthday warnings are given. The first is the longest. */
    adulthoodWarnings: z.array(duration).min(1).max(4),
    /** Whether a child's own denial overrides the guardian's agreement (Convention on the Rights of the Child, article 12). */
    childDenialPrevails: z.boolean(),
    /** Bases that substitute while nobody can agree. Each is reviewed within its time limit. */
    substituteBases: z
      .array(
        z.object({ code, reviewedWithin: duration }).transform(({ reviewedWithin, ...one }) => ({
          ...one,
          reviewedWithinMs: reviewedWithin,
        })),
      )
      .min(1),
    /** The basis of a search between the eighteenth birthday and the person's own decision. */
    interimBasis: code,
    capacityReviewWithin: duration,
    incapacityReasons: list,
    /** Notes that stay readable for safety while a service cares for the person, also after a withdrawal. */
    safetyNotes: list,
    contactChannels: list,
    /**
     * Classes of services whose names would reveal a place. The list that is shown to the person names only the class, since another
     * person may force them to show it.
     */
    hiddenServiceClasses: z.array(code),
    correctionReasons: list,
    callBackOutcomes: z
      .array(callBackOutcome)
      .min(2)
      .refine(
        (all) =>
          all.some((one) => one.isOwnChoice === true) &&
          all.some((one) => one.isOwnChoice === false),
        'must know both outcomes',
      ),
    breakGlass,
    powerLimits: z.array(powerLimit),
  })
  .transform(({ breakGlass: breakGlassRules, ...rest }) => ({
    explanations: rest.explanations,
    childDenialPrevails: rest.childDenialPrevails,
    substituteBases: rest.substituteBases,
    interimBasis: rest.interimBasis,
    incapacityReasons: rest.incapacityReasons,
    safetyNotes: rest.safetyNotes,
    contactChannels: rest.contactChannels,
    hiddenServiceClasses: rest.hiddenServiceClasses,
    powerLimits: rest.powerLimits,
    correctionReasons: rest.correctionReasons,
    callBackOutcomes: rest.callBackOutcomes,
    longestPermissionMs: rest.longestPermission,
    longestBasisMs: rest.longestBasis,
    warnBeforeEndMs: rest.warnBeforeEnd,
    acknowledgedWithinMs: rest.acknowledgedWithin,
    callBackWithinMs: rest.callBackWithin,
    askPersonWithinMs: rest.askPersonWithin,
    adulthoodWarningsMs: rest.adulthoodWarnings,
    capacityReviewWithinMs: rest.capacityReviewWithin,
    breakGlass: {
      reasons: breakGlassRules.reasons,
      sections: breakGlassRules.sections,
      maxSections: breakGlassRules.maxSections,
      maxUnconfirmedOpenings: breakGlassRules.maxUnconfirmedOpenings,
      durationMs: breakGlassRules.duration,
      confirmedWithinMs: breakGlassRules.confirmedWithin,
      reviewedWithinMs: breakGlassRules.reviewedWithin,
    },
  }));

export type ConsentPart = z.infer<typeof consent>;
export type Power = z.infer<typeof power>;

interface Named {
  readonly path: PropertyKey[];
  readonly codes: readonly string[];
  readonly known: ReadonlySet<string>;
  readonly what: string;
}

/** Codes in the consent part that the other parts of the pack do not define. */
export const unknownCodes = (
  of: ConsentPart,
  known: {
    readonly bases: Set<string>;
    readonly sections: Set<string>;
    readonly purposes: Set<string>;
    readonly serviceClasses: Set<string>;
  },
): { readonly path: PropertyKey[]; readonly message: string }[] =>
  (
    [
      { path: ['interimBasis'], codes: [of.interimBasis], known: known.bases, what: 'basis' },
      {
        path: ['substituteBases'],
        codes: of.substituteBases.map((one) => one.code),
        known: known.bases,
        what: 'basis',
      },
      {
        path: ['breakGlass', 'sections'],
        codes: of.breakGlass.sections,
        known: known.sections,
        what: 'section',
      },
      {
        path: ['hiddenServiceClasses'],
        codes: of.hiddenServiceClasses,
        known: known.serviceClasses,
        what: 'service class',
      },
      ...of.powerLimits.flatMap((powerLimit, nth): Named[] => [
        {
          path: ['powerLimits', nth, 'purposes'],
          codes: powerLimit.purposes,
          known: known.purposes,
          what: 'purpose',
        },
        {
          path: ['powerLimits', nth, 'sections'],
          codes: powerLimit.sections,
          known: known.sections,
          what: 'section',
        },
      ]),
    ] satisfies Named[]
  ).flatMap(({ path, codes, known: names, what }) =>
    codes
      .filter((one) => !names.has(one))
      .map(() => ({ path: ['consent', ...path], message: `names an unknown ${what}` })),
  );
