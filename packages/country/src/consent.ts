import { z } from 'zod';
import { code, coded, list } from './code.ts';
import { duration } from './duration.ts';

/** What a body may do besides helping: walls follow powers, not names of roles. */
export const power = z.enum(['identification', 'enforcement', 'immigration-control']);

/** A body with this power reads these sections for these purposes at most, whoever permits more (`domain.md` §4). */
const wall = z.object({ power, purposes: z.array(code), sections: z.array(code) });

/** A reason to open a file; `alone`: one person may do so by it when a life is at risk. */
const openingReasons = z
  .array(coded.extend({ alone: z.boolean() }))
  .min(1)
  .refine((entries) => new Set(entries.map((one) => one.code)).size === entries.length, 'names a code twice');

/** What may come of a call back: her own word or not, or nothing yet (`settles` false): then she is called again. */
const callBackOutcome = coded
  .extend({ herOwnWord: z.boolean().optional(), settles: z.boolean().default(true) })
  .refine(
    (one) => one.settles === (one.herOwnWord !== undefined),
    'must say whose word it was, or that it settles nothing',
  );

const breakGlass = z.object({
  reasons: openingReasons,
  /** How often one organisation may ask for one file within a day while no second person agrees. */
  askedInVainAtMost: z.number().int().min(1).max(20),
  /** Sections that may be opened without any basis, and how many of them at once. */
  sections: z.array(code).min(1),
  sectionsAtMost: z.number().int().min(1).max(10),
  lasts: duration,
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
    endsSoonBefore: duration,
    /** By when each service must have said that it closed what a withdrawal closes. */
    acknowledgedWithin: duration,
    /** A withdrawal by telephone may be coerced: by when she is called back. */
    calledBackWithin: duration,
    /** By when a person is asked herself, after somebody spoke for her. */
    askedAnewWithin: duration,
    /** How long before the day on which she is eighteen somebody is told; the first is the longest. */
    eighteenWarnings: z.array(duration).min(1).max(4),
    /** A child's own no stands against the guardian's yes (Convention on the Rights of the Child, article 12). */
    childsNoStands: z.boolean(),
    /** Bases that stand in while nobody can say yes; each is reviewed by then. */
    standIns: z
      .array(
        z
          .object({ code, reviewedWithin: duration })
          .transform(({ reviewedWithin, ...one }) => ({ ...one, reviewedWithinMs: reviewedWithin })),
      )
      .min(1),
    /** On what a search goes on between the eighteenth birthday and her own word. */
    bridge: code,
    capacityAskedAgainAtMost: duration,
    incapacityReasons: list,
    /** Notes that stay readable for safety while somebody cares for her, whatever was withdrawn. */
    safetyNotes: list,
    contactChannels: list,
    /** Services whose names would betray a place: shown to her by their class alone, since she may be made to show the list. */
    hiddenReceivers: z.array(code),
    correctionReasons: list,
    callBackOutcomes: z
      .array(callBackOutcome)
      .min(2)
      .refine(
        (all) => all.some((one) => one.herOwnWord === true) && all.some((one) => one.herOwnWord === false),
        'must know both outcomes',
      ),
    breakGlass,
    walls: z.array(wall),
  })
  .transform(({ breakGlass: glass, ...rest }) => ({
    ...{ explanations: rest.explanations, childsNoStands: rest.childsNoStands, standIns: rest.standIns },
    ...{ bridge: rest.bridge, incapacityReasons: rest.incapacityReasons, safetyNotes: rest.safetyNotes },
    ...{ contactChannels: rest.contactChannels, hiddenReceivers: rest.hiddenReceivers, walls: rest.walls },
    ...{ correctionReasons: rest.correctionReasons, callBackOutcomes: rest.callBackOutcomes },
    longestPermissionMs: rest.longestPermission,
    longestBasisMs: rest.longestBasis,
    endsSoonBeforeMs: rest.endsSoonBefore,
    acknowledgedWithinMs: rest.acknowledgedWithin,
    calledBackWithinMs: rest.calledBackWithin,
    askedAnewWithinMs: rest.askedAnewWithin,
    eighteenWarningsMs: rest.eighteenWarnings,
    capacityAskedAgainAtMostMs: rest.capacityAskedAgainAtMost,
    breakGlass: {
      ...{ reasons: glass.reasons, sections: glass.sections, sectionsAtMost: glass.sectionsAtMost },
      askedInVainAtMost: glass.askedInVainAtMost,
      ...{ lastsMs: glass.lasts, confirmedWithinMs: glass.confirmedWithin, reviewedWithinMs: glass.reviewedWithin },
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
      { path: ['bridge'], codes: [of.bridge], known: known.bases, what: 'basis' },
      { path: ['standIns'], codes: of.standIns.map((one) => one.code), known: known.bases, what: 'basis' },
      { path: ['breakGlass', 'sections'], codes: of.breakGlass.sections, known: known.sections, what: 'section' },
      { path: ['hiddenReceivers'], codes: of.hiddenReceivers, known: known.serviceClasses, what: 'service class' },
      ...of.walls.flatMap((wall, nth): Named[] => [
        { path: ['walls', nth, 'purposes'], codes: wall.purposes, known: known.purposes, what: 'purpose' },
        { path: ['walls', nth, 'sections'], codes: wall.sections, known: known.sections, what: 'section' },
      ]),
    ] satisfies Named[]
  ).flatMap(({ path, codes, known: names, what }) =>
    codes
      .filter((one) => !names.has(one))
      .map(() => ({ path: ['consent', ...path], message: `names an unknown ${what}` })),
  );
