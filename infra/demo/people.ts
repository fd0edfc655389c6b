import { after, hours, type Instant } from '@opennrm/runtime/decision';
import { type Chance, chance } from './chance.ts';
import { figure, type Shares } from './figures.ts';

export type UrgencyName = 'emergency' | 'urgent' | 'planned';
export type Profile = 'labour' | 'sexual' | 'mixed';

/** A person or party who needs a place, as a responder or caseworker would state it: in codes, without a name. */
export interface SyntheticNeed {
  readonly nth: number;
  readonly arrivesAt: Instant;
  readonly requesterRole: 'responder' | 'caseworker';
  readonly urgency: UrgencyName;
  readonly group: string;
  readonly party: readonly ('no' | 'yes' | 'unsure')[];
  readonly region: string;
  readonly whereNow: string;
  readonly excludedRegions: readonly string[];
  readonly languages: readonly string[];
  readonly accessibility: readonly string[];
  readonly care: readonly string[];
  readonly risks: readonly string[];
  readonly medicalUrgency: string;
  readonly foundTogether: string | undefined;
  /** Regions that the person prefers. */
  readonly wishedRegions: readonly string[];
}

export interface CaseloadOptions {
  readonly seed: number;
  readonly people: number;
  /** Midnight of a Monday, local time; any time if `evenly`. */
  readonly start: Instant;
  /** May be a fraction only if `evenly`. */
  readonly days: number;
  /** Requests come evenly at all hours, instead of mostly in office hours. */
  readonly evenly?: boolean;
  readonly profile: Profile;
  readonly regions: readonly string[];
}

/** Draws people and parties by seed from the calibration, in the order of their requests. The same options give the same people. */
export function drawCaseload(options: CaseloadOptions): SyntheticNeed[] {
  const drawn: SyntheticNeed[] = [];
  for (let event = 0; drawn.length < options.people; event++) {
    const found = chance(options.seed, 'found', event);
    const size = Math.min(sizeOfGroup(found), options.people - drawn.length);
    const arrivesAt = arrival(found, options);
    const region = found.pick(options.regions);
    const foundTogether = size > 1 ? found.uuid() : undefined;
    for (let one = 0; one < size; one++) {
      const nth = drawn.length;
      drawn.push({
        ...need(chance(options.seed, 'person', nth), options, region),
        nth,
        arrivesAt,
        region,
        foundTogether,
      });
    }
  }
  return drawn.sort((a, b) => a.arrivesAt - b.arrivesAt);
}

/** The number of people found together. They are not a party: each has an own request. A demo of five days has no raids of more than ten. */
function sizeOfGroup(found: Chance): number {
  const size = found.among(figure<Shares>('arr.group_size'));
  if (size === '1' || size === '2') return Number(size);
  return size === '3-5' ? 3 + Math.floor(found.next() * 3) : 6 + Math.floor(found.next() * 5);
}

const OFFICE_FROM = 8;
const OFFICE_HOURS = 10;

function arrival(found: Chance, { start, days, evenly = false }: CaseloadOptions): Instant {
  if (evenly) return after(start, hours(found.next() * days * 24));
  const day = Math.floor(found.next() * days);
  const inOffice = found.happens(figure<number>('arr.hour'));
  const hour = inOffice
    ? OFFICE_FROM + found.next() * OFFICE_HOURS
    : (OFFICE_FROM + OFFICE_HOURS + found.next() * (24 - OFFICE_HOURS)) % 24;
  return after(start, hours(day * 24 + hour));
}

type Drawn = Omit<SyntheticNeed, 'nth' | 'arrivesAt' | 'region' | 'foundTogether'>;

const LANGUAGES = [
  'en',
  'en',
  'en',
  'ro',
  'sq',
  'vi',
  'ti',
  'am',
  'ar',
  'pl',
  'uk',
  'es',
  'fr',
  'pt',
];

function need(person: Chance, options: CaseloadOptions, region: string): Drawn {
  const urgency = person.among(figure<Shares>('ours.urgency')) as UrgencyName;
  const { group, party } = household(person, options.profile);
  const access = person.some(figure<Shares>('acc.trafficking'));
  const care = person.some(figure<Shares>('ours.care'));
  const risks = person.some(figure<Shares>('ours.risks'));
  return {
    urgency,
    group,
    party,
    care: group === 'men' ? care.filter((one) => one !== 'pregnancy') : care,
    risks,
    requesterRole: urgency === 'emergency' || person.happens(0.5) ? 'responder' : 'caseworker',
    whereNow: person.pick(
      urgency === 'emergency'
        ? ['police', 'street', 'hospital']
        : ['office', 'police', 'detention', 'private'],
    ),
    excludedRegions: risks.includes('trafficker-searching') || person.happens(0.08) ? [region] : [],
    languages: [person.pick(LANGUAGES)],
    accessibility: access.flatMap((one) => accessibilityCodes[one] ?? []),
    medicalUrgency: person.among({ none: 0.7, 'within-days': 0.16, today: 0.1, now: 0.04 }),
    wishedRegions: person.happens(0.4) ? [person.pick(options.regions)] : [],
  };
}

/** Accessibility codes for the needs of the calibration. Literacy, a phone and diet have none: they do not change which place fits. */
const accessibilityCodes: Readonly<Record<string, readonly string[]>> = {
  mobility: ['step-free'],
  wheelchair: ['wheelchair'],
  deafOrHardOfHearing: ['hearing'],
  blindOrLowVision: ['sight'],
};

function household(person: Chance, profile: Profile): Pick<SyntheticNeed, 'group' | 'party'> {
  const shares =
    figure<Record<Profile, { female: number; child: number }>>('ours.profiles')[profile];
  if (person.happens(shares.child)) {
    const unsure = person.happens(figure<number>('ours.ageUnsure'));
    return unsure
      ? { group: 'age-disputed', party: ['unsure'] }
      : { group: 'child', party: ['yes'] };
  }
  const woman = person.happens(shares.female);
  const withChildren = figure<{ women: number; men: number }>('hh.adults');
  if (person.happens(woman ? withChildren.women : withChildren.men)) {
    const children = Number.parseInt(person.among(figure<Shares>('hh.count')), 10);
    return {
      group: 'family',
      party: ['no', ...Array.from({ length: children }, () => 'yes' as const)],
    };
  }
  if (person.happens(figure<number>('hh.couples'))) return { group: 'family', party: ['no', 'no'] };
  if (person.happens(figure<number>('ours.ownRoom'))) return { group: 'own-room', party: ['no'] };
  return { group: woman ? 'women' : 'men', party: ['no'] };
}
