import { z } from 'zod';
import { code, coded, list } from './code.ts';
import { duration } from './duration.ts';

/** What a body may do besides helping: power limits follow powers, not names of roles. */
export const power = z.enum(['identification', 'enforcement', 'immigration-control']);

/** A body with this power reads these sections for these purposes at most, whoever permits more (`domain.md` §4). */
const powerLimit = z.object({ power, purposes: z.array(code), sections: z.array(code) });

/** A reason to open a file; `onePersonSuffices`: one person may do so by it when a life is at risk. */
const openingReasons = z
  .array(coded.extend({ onePersonSuffices: z.boolean() }))
  .min(1)
  .refine(
    (entries) => new Set(entries.map((one) => one.code)).size === entries.length,
    'names a code twice',
  );

/** Results of a call back: the person's own decision or not, or not final (`isFinal` false): then the person is called again. */
const callBackOutcome = coded
  .extend({ isOwnChoice: z.boolean().optional(), isFinal: z.boolean().default(true) })
  .refine(
    (one) => one.isFinal === (one.isOwnChoice !== undefined),
    'must say whose word it was, or that it settles nothing',
  );

const breakGlass = z.object({
  reasons: openingReasons,
  /** How often one organisation may ask for one file within a day while no second person agrees. */
  maxUnconfirmedOpenings: z.number().int().min(1).max(20),
  /** Sections that may be opened without any basis, and how many of them at once. */
  sections: z.array(code).min(1),
  maxSections: z.number().int().min(1).max(10),
  duration: duration,
  /** By when a second person, or the review, must have come. */
  confirmedWithin: duration,
  reviewedWithin: duration,
});

/** How a country takes consent: what must be explained, who speaks for whom, and by when each promise is kept. */
export const consent = z
  .object({
    /** What must have been explained before a yes or a no counts. */
    explanations: list,
    longestPermission: duration,
    longestBasis: duration,
    warnBeforeEnd: duration,
    /** By when each service must have said that it closed what a withdrawal closes. */
    acknowledgedWithin: duration,
    /** A withdrawal by telephone may be coerced: by when the person is called back. */
    callBackWithin: duration,
    /** By when a person is asked, after somebody else decided for them. */
    askPersonWithin: duration,
    /** How long before the eighteenth birthday a warning is given; the first is the longest. */
    adulthoodWarnings: z.array(duration).min(1).max(4),
    /** A child's own no stands against the guardian's yes (Convention on the Rights of the Child, article 12). */
    childDenialPrevails: z.boolean(),
    /** Bases that stand in while nobody can say yes; each is reviewed by then. */
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
    /** Notes that stay readable for safety while somebody cares for the person, whatever was withdrawn. */
    safetyNotes: list,
    contactChannels: list,
    /** Services whose names would reveal a place: shown to the person by their class alone, since somebody may force the person to show the list. */
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

export type Consent = z.infer<typeof consent>;
export type Power = z.infer<typeof power>;

interface Named {
  readonly path: PropertyKey[];
  readonly codes: readonly string[];
  readonly known: ReadonlySet<string>;
  readonly what: string;
}

/** Codes of the consent part that no other part of the pack defines. */
export const unknownCodes = (
  of: Consent,
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
