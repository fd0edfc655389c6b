import { deliveriesOf, providerOf } from '@opennrm/contracts/providers';

type Content = Readonly<Record<string, unknown>>;

/** The part of a pack about the formal process, as an older version may have stored it. */
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
 * Reads a stored pack by the current law where its rules were weaker (decision 0022): one person alone never withdraws protection,
 * recovery ends early only for two reasons, and a notice has only two fields. An older pack named only the role to notify of delay: the
 * organisation is the one that holds that role in the loaded pack. The first level is notified at once.
 */
export function applyCurrentLaw(stored: Content, current: Content): Content {
  const needs = providedNeeds(
    stored.needs as Needs | undefined,
    current.needs as Needs | undefined,
  );
  const serviceClasses = withCodes(
    needs?.map(({ code }) => code),
    stored.serviceClasses as Coded | undefined,
    current.serviceClasses as Coded,
  );
  const purposes = withCodes(
    needs?.flatMap((need) => need.purposes ?? []),
    stored.purposes as Coded | undefined,
    current.purposes as Coded,
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
    ...withoutUndefined({
      serviceClasses,
      purposes,
      needs,
      roles,
      identification,
      placesOfLastResort,
    }),
  };
}

interface Places {
  readonly groups?: readonly { readonly code: string }[];
  readonly regions?: readonly { readonly code: string }[];
  readonly placesOfLastResort?: readonly { readonly group: string; readonly region: string }[];
}

/**
 * Removes places of an unknown group or region, to which no person was ever sent. Of two places for the same group and region, the first
 * is used.
 */
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
      const withOrganisation = { ...organisationOfLevel(level.ownerRole, current), ...level };
      return nth === 0 ? { ...withOrganisation, after: '0 h' } : withOrganisation;
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
  readonly purposes?: readonly string[];
  readonly delivery?: string;
}[];
type Coded = readonly { readonly code: string }[];
type Roles = readonly { readonly code: string; readonly heldBy?: readonly string[] }[];

/** Every need of a pack without these fields is a place to sleep, sought on these purposes and reached by a journey. */
const PLACEMENT = { purposes: ['accommodation', 'immediate-protection'], delivery: 'journey' };

/**
 * An older pack may name needs that no installed service provides, or not name the provider. Such a need is replaced by the need of the
 * same code in the loaded pack, or removed. A need that is provided stays as it was stored, even when the country has renamed it since. A
 * pack has at least one need.
 */
function providedNeeds(stored: Needs | undefined, current: Needs = []): Needs | undefined {
  const provided = stored?.flatMap((need) => {
    const provider = providerOf(need.providedBy ?? '');
    const isProvided = provider && deliveriesOf(provider, need.unitKind ?? '') !== undefined;
    const sameCode = current.find(({ code }) => code === need.code);
    return isProvided ? { ...PLACEMENT, ...need } : (sameCode ?? []);
  });
  return provided?.length === 0 ? current : provided;
}

/** Adds the codes that the needs name and the stored list does not have. A need that was taken from the loaded pack may name such a code. */
function withCodes(
  named: readonly string[] = [],
  stored: Coded | undefined,
  current: Coded = [],
): Coded {
  const all = stored ?? current;
  const isMissing = (code: string) => !all.some((one) => one.code === code);
  return all.concat(current.filter(({ code }) => isMissing(code) && named.includes(code)));
}

/**
 * Older packs have no holders of desks. The loaded pack names the organisation of a desk, because an organisation is not a rule under
 * which a procedure began.
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

/** Removes the parts that the pack does not have. */
const withoutUndefined = (parts: object): object =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

function organisationOfLevel(
  ownerRole: string,
  now: Procedure | undefined,
): { readonly organisationId?: string } {
  const level = now?.escalation?.find((one) => one.ownerRole === ownerRole);
  return level?.organisationId === undefined ? {} : { organisationId: level.organisationId };
}
