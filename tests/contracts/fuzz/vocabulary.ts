import type { CountryPack } from '@opennrm/country';
import { type Chance, chanceOf } from './chance.ts';
import type { Vocabulary } from './messages.ts';

const IDS = 8;

/** Codes that the software itself defines, not the pack. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  acceptance: ['by-offer', 'direct', 'duty'],
  action: ['ask-service', 'end', 'restart-search'],
  age: ['adult', 'child', 'unsure', 'disputed'],
  answer_values: ['yes', '1'],
  birth_date: ['2012-03-31', '1990-02-28'],
  by: ['P10D', '10-days', '5-working-days', '10 days'],
  channel: ['in-person', 'written', 'telephone'],
  child_view: ['agrees', 'disagrees', 'cannot-say'],
  closes: ['18:00', '24:00'],
  conclusion: ['indicated', 'not-indicated', 'insufficient'],
  content: ['Synthetic words'],
  address_line: ['Synthetic Lane 1'],
  city: ['Testville'],
  decision: ['to-share'],
  declined_on: ['2026-03-01'],
  form: ['spoken', 'written', 'signed'],
  from: ['09:00'],
  funding: ['confirmed', 'pending', 'none'],
  gender: ['female', 'male', 'other'],
  kind: ['text', 'pdf', 'image'],
  list: ['ilo-2009'],
  nationality: ['xs'],
  opens: ['08:00'],
  page_token: [''],
  sha256: ['0'.repeat(64)],
  service: ['referral', 'identification-intake'],
  services: ['referral', 'identification-intake'],
  state: ['searching', 'unplaced'],
  unit_kind: ['bed'],
  until: ['2030-01-01', '17:00'],
  values: ['yes', '1'],
};

/** Fields whose name differs from the name of their list in the pack. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  need: ['needs'],
  service_classes: ['needs'],
  group: ['groups'],
  groups: ['groups'],
  region: ['regions'],
  regions: ['regions'],
  excluded_regions: ['regions'],
  where_now: ['whereNow'],
  language: ['languages'],
  risks_not_accepted: ['risks'],
  medical_urgency: ['medicalUrgencies'],
  basis: ['bases'],
  section: ['sections'],
  sections: ['sections'],
  purpose: ['purposes'],
  attributes: ['accessibility'],
  explained: ['explanations'],
};

/** Every list of codes in a pack, by its name, at any depth. */
function listsIn(
  value: unknown,
  found = new Map<string, string[]>(),
  name = '',
): Map<string, string[]> {
  if (Array.isArray(value)) {
    const codes = value.flatMap((one) =>
      typeof one?.code === 'string' ? [one.code as string] : [],
    );
    if (codes.length > 0) found.set(name, [...(found.get(name) ?? []), ...codes]);
    for (const one of value) listsIn(one, found, name);
  } else if (typeof value === 'object' && value !== null)
    for (const [key, content] of Object.entries(value)) listsIn(content, found, key);
  return found;
}

export function vocabularyOf(
  pack: CountryPack,
  seed: number,
  now: number,
): Vocabulary & { readonly chance: Chance } {
  const chance = chanceOf(seed);
  const lists = listsIn(pack);
  const codes = new Map<string, readonly string[]>(lists);
  // A list at the top of the pack replaces lists of the same name that are deeper.
  for (const [name, list] of Object.entries(pack))
    if (Array.isArray(list)) codes.set(name, [...(listsIn(list, new Map(), name).get(name) ?? [])]);
  for (const [field, names] of Object.entries(LISTS))
    codes.set(
      field,
      names.flatMap((name) => codes.get(name) ?? []),
    );
  for (const [field, own] of Object.entries(OWN))
    codes.set(field, [...(codes.get(field) ?? []), ...own]);
  const every = [...new Set([...lists.values()].flat())];
  for (const field of [
    'code',
    'reason',
    'ground',
    'reasons',
    'cannot_ask_reason',
    'corrects',
    'safety',
  ])
    codes.set(field, every);
  return { chance, codes, now, ids: Array.from({ length: IDS }, () => chance.uuid()) };
}
