import { providerOf } from '@opennrm/contracts/providers';

type Content = Readonly<Record<string, unknown>>;

/** The part of a pack about the formal process, as loosely as an older version may have said it. */
interface Procedure {
  readonly steps?: readonly { readonly secondPerson?: readonly string[] }[];
  readonly escalation?: readonly { readonly ownerRole: string; readonly organisationId?: string }[];
  readonly recovery?: { readonly endGrounds?: readonly { readonly code: string }[] };
  readonly dutyToNotify?: { readonly fields?: readonly string[] };
  readonly labourRights?: { readonly serviceClass?: string; readonly need?: string };
}

const LAWFUL_ENDS = ['public-order', 'status-claimed-improperly'];
const NOTICE_FIELDS = ['gender', 'nationality'];

/**
 * A kept pack that says too loosely what the law says strictly (decision 0022), read as the law has it: nobody takes protection away alone, recovery
 * ends early on two grounds, a notice says two things. Whom to tell of delay it named by role alone: that is whoever has that role today; the first is told at
 * once.
 */
export function applyCurrentLaw(stored: Content, current: Content): Content {
  const needs = providedNeeds(
    stored.needs as Needs | undefined,
    current.needs as Needs | undefined,
  );
  const serviceClasses = withClassesOf(
    needs,
    stored.serviceClasses as Coded | undefined,
    current.serviceClasses as Coded,
  );
  const roles = withHolders(stored.roles as Roles | undefined, current.roles as Roles | undefined);
  const identification = lawfulProcedure(
    stored.identification as Procedure | undefined,
    current.identification as Procedure | undefined,
  );
  const { groups = current.groups, regions = current.regions } = stored;
  const placesOfLastResort = clearPlaces({ ...stored, groups, regions } as Places);
  return {
    ...stored,
    ...withoutUndefined({ serviceClasses, needs, roles, identification, placesOfLastResort }),
  };
}

interface Places {
  readonly groups?: readonly { readonly code: string }[];
  readonly regions?: readonly { readonly code: string }[];
  readonly placesOfLastResort?: readonly { readonly group: string; readonly region: string }[];
}

/** Without places of an unknown group or region, to which nobody was ever sent; of two for the same group and region the first was named. */
function clearPlaces({ groups, regions, placesOfLastResort }: Places) {
  const isIn = (list: Places['groups'], code: string) =>
    list?.some((one) => one.code === code) === true;
  return placesOfLastResort?.filter(
    ({ group, region }, nth, all) =>
      isIn(groups, group) &&
      isIn(regions, region) &&
      all.findIndex((other) => other.group === group && other.region === region) === nth,
  );
}

function lawfulProcedure(
  stored: Procedure | undefined,
  current: Procedure | undefined,
): Procedure | undefined {
  if (!stored) return undefined;
  const { steps, escalation, recovery, dutyToNotify, labourRights } = stored;
  const strict = {
    steps: steps?.map((step) => ({ ...step, secondPerson: withDisqualified(step.secondPerson) })),
    escalation: escalation?.map((level, nth) => {
      const withBody = { ...organisationOfLevel(level.ownerRole, current), ...level };
      return nth === 0 ? { ...withBody, after: '0 h' } : withBody;
    }),
    recovery: recovery && { ...recovery, endGrounds: lawful(recovery.endGrounds) },
    dutyToNotify: dutyToNotify && {
      ...dutyToNotify,
      fields: dutyToNotify.fields?.filter((field) => NOTICE_FIELDS.includes(field)),
    },
    labourRights: labourRights && { serviceClass: labourRights.serviceClass ?? labourRights.need },
  };
  return { ...stored, ...withoutUndefined(strict) };
}

type Needs = readonly {
  readonly code: string;
  readonly providedBy?: string;
  readonly unitKind?: string;
}[];
type Coded = readonly { readonly code: string }[];
type Roles = readonly { readonly code: string; readonly heldBy?: readonly string[] }[];

/**
 * An older pack may name needs that no installed service provides, or not name who provides them: such a need is read as the pack that is loaded now
 * has it, or left out. A need that is provided stays as it was kept, though the country calls it otherwise now. A pack has one need at least.
 */
function providedNeeds(stored: Needs | undefined, current: Needs = []): Needs | undefined {
  const provided = stored?.flatMap((need) => {
    const isProvided =
      providerOf(need.providedBy ?? '')?.unitKinds.includes(need.unitKind ?? '') === true;
    return isProvided ? need : (current.find(({ code }) => code === need.code) ?? []);
  });
  return provided?.length === 0 ? current : provided;
}

/** The class of each need, also of one that is taken from the pack that is loaded now. */
function withClassesOf(needs: Needs = [], stored: Coded | undefined, current: Coded = []): Coded {
  const classes = stored ?? current;
  const isMissing = ({ code }: { code: string }) => !classes.some((one) => one.code === code);
  return classes.concat(
    current.filter((one) => isMissing(one) && needs.some(({ code }) => code === one.code)),
  );
}

/**
 * Before there were desks of the country nobody held one. Which organisation has a desk, the pack that is loaded now says: an organisation is no term
 * under which something was begun.
 */
function withHolders(stored: Roles | undefined, current: Roles = []): Roles | undefined {
  const held = stored?.map((role) => ({
    ...current.find(({ code }) => code === role.code),
    ...role,
  }));
  const missing = current.filter(
    ({ code, heldBy }) => heldBy && !stored?.some((role) => role.code === code),
  );
  return held?.concat(missing);
}

const withDisqualified = (outcomes: readonly string[] = []): string[] => [
  ...new Set([...outcomes, 'disqualified']),
];

const lawful = (grounds: readonly { readonly code: string }[] = []) =>
  grounds.filter(({ code }) => LAWFUL_ENDS.includes(code));

/** Without the parts that the pack does not have. */
const withoutUndefined = (parts: object): object =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

function organisationOfLevel(
  ownerRole: string,
  now: Procedure | undefined,
): { readonly organisationId?: string } {
  const level = now?.escalation?.find((one) => one.ownerRole === ownerRole);
  return level?.organisationId === undefined ? {} : { organisationId: level.organisationId };
}
