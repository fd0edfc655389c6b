type Content = Readonly<Record<string, unknown>>;

/** The part of a pack about the formal process, as loosely as an older version may have said it. */
interface Procedure {
  readonly steps?: readonly { readonly secondPerson?: readonly string[] }[];
  readonly escalation?: readonly { readonly ownerRole: string; readonly organisationId?: string }[];
  readonly recovery?: { readonly endGrounds?: readonly { readonly code: string }[] };
  readonly dutyToNotify?: { readonly fields?: readonly string[] };
}

const LAWFUL_ENDS = ['public-order', 'status-claimed-improperly'];
const SAID_IN_NOTICE = ['gender', 'nationality'];

/**
 * A kept pack that says too loosely what the law says strictly (decision 0022), read as the law has it: nobody takes protection away alone, recovery
 * ends early on two grounds, a notice says two things. Whom to tell of delay it named by role alone: that is whoever has that role today; the first is told at
 * once.
 */
export function tightened(kept: Content, current: Content): Content {
  const [before, now] = [kept.identification as Procedure | undefined, current.identification as Procedure | undefined];
  const needs = providedNeeds(kept.needs as Coded | undefined, current.needs as Coded | undefined);
  const classes = { serviceClasses: kept.serviceClasses ?? current.serviceClasses };
  if (!before) return kept;
  const { steps, escalation, recovery, dutyToNotify } = before;
  const strict = {
    steps: steps?.map((step) => ({ ...step, secondPerson: withDisqualified(step.secondPerson) })),
    escalation: escalation?.map((rung, nth) => ({
      ...{ ...bodyOf(rung.ownerRole, now), ...rung },
      ...(nth === 0 && { after: '0 h' }),
    })),
    recovery: recovery && { ...recovery, endGrounds: lawful(recovery.endGrounds) },
    dutyToNotify: dutyToNotify && {
      ...dutyToNotify,
      fields: dutyToNotify.fields?.filter((field) => SAID_IN_NOTICE.includes(field)),
    },
  };
  return { ...kept, ...classes, ...said({ needs }), identification: { ...before, ...said(strict) } };
}

type Coded = readonly { readonly code: string }[];

/** An older pack named needs that nobody provides: those that are provided now stay. */
const providedNeeds = (kept: Coded | undefined, now: Coded | undefined): Coded | undefined =>
  kept?.flatMap(({ code }) => now?.find((one) => one.code === code) ?? []);

const withDisqualified = (outcomes: readonly string[] = []): string[] => [...new Set([...outcomes, 'disqualified'])];

const lawful = (grounds: readonly { readonly code: string }[] = []) =>
  grounds.filter(({ code }) => LAWFUL_ENDS.includes(code));

/** Without the parts that the pack does not have. */
const said = (parts: object): object =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

function bodyOf(ownerRole: string, now: Procedure | undefined): { readonly organisationId?: string } {
  const rung = now?.escalation?.find((one) => one.ownerRole === ownerRole);
  return rung?.organisationId === undefined ? {} : { organisationId: rung.organisationId };
}
