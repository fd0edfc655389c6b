import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../domain/case-file.ts';
import type { ContactRule } from '../domain/contact-rule.ts';
import { comeOfAge, recordAge, warnOfComingOfAge } from '../domain/person/age.ts';
import { type Assessment, recordCapacity } from '../domain/person/capacity.ts';
import {
  appointGuardian,
  changeGuardianship,
  liftSuspicion,
  suspectGuardian,
} from '../domain/person/guardian.ts';
import type { Age, Guardian } from '../domain/person/person.ts';
import { warningsOf } from '../domain/person/warnings.ts';
import { mayRead } from '../domain/reading/reading.ts';
import { type ContactVerdict, mayContact, setSafeContact } from '../domain/safe-contact.ts';
import { caseFiles } from '../outbound/case-files.ts';
import { deleteComingOfAge, findComingOfAge, keepComingOfAge } from '../outbound/coming-of-age.ts';
import { logDisclosure } from '../outbound/disclosures.ts';
import { powersOf } from '../outbound/organisations.ts';
import { relationsOf } from '../outbound/relations.ts';
import { asOwner, changeCase, mayAct, resolveCase, type Subject } from './case-access.ts';

export interface StatedAge {
  readonly caseId: string;
  readonly age: Exclude<Age, 'not-stated'>;
  /** The first moment of the eighteenth birthday, where the birth date is known. */
  readonly eighteenAt: Instant | undefined;
}

export async function age(
  tx: Transaction,
  pack: CountryPack,
  said: StatedAge,
  call: Call,
): Promise<Answer<{ caseId: string }>> {
  const { caseId, eighteenAt } = said;
  // Unless the age is disputed, the person is an adult exactly when the birth date makes them eighteen.
  const grown = eighteenAt !== undefined && eighteenAt <= call.at;
  if (eighteenAt !== undefined && said.age !== 'disputed' && grown !== (said.age === 'adult'))
    return refused('age-and-birth-date-differ', 'birth_date');
  // Locks the coming-of-age row before the file, in the same order as the timer; else the two would deadlock.
  await findComingOfAge(tx, caseId);
  const decide = asOwner(call, (file) =>
    recordAge(file, said.age, { rules: pack.consent, now: call.at, mint: randomUUID }),
  );
  const given = await changeCase(tx, pack, call, caseId, decide, () => ({ caseId }));
  if (given.kind === 'refused') return given;
  if (said.age === 'adult') await deleteComingOfAge(tx, caseId);
  else if (eighteenAt !== undefined && !grown) await keepDay(tx, pack, caseId, eighteenAt, call.at);
  return given;
}

/** Warnings that were due before the birth date was recorded are given at once, as one. */
async function keepDay(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  eighteenAt: Instant,
  now: Instant,
): Promise<void> {
  const due = warningsOf(eighteenAt, pack.consent.adulthoodWarningsMs, pack.timeZone);
  const missed = due.filter((one) => one <= now).length;
  const warned = Math.max(0, missed - 1);
  await keepComingOfAge(
    tx,
    caseId,
    { eighteenAt, warned },
    missed > 0 ? now : (due[0] ?? eighteenAt),
  );
}

/** Handles a due warning, or the eighteenth birthday. */
export const onComingOfAge =
  (pack: CountryPack) =>
  async (tx: Transaction, caseId: string, now: Instant): Promise<void> => {
    const day = await findComingOfAge(tx, caseId);
    if (!day) return;
    const context = { at: now, author: systemAuthor, ruleVersion: pack.id, rules: pack.consent };
    if (now >= day.eighteenAt) {
      await caseFiles.change(tx, caseId, context, (file) =>
        comeOfAge(file, { rules: pack.consent, now, mint: randomUUID }),
      );
      await deleteComingOfAge(tx, caseId);
      return;
    }
    await caseFiles.change(tx, caseId, context, (file) =>
      warnOfComingOfAge(file, day.warned + 1, now),
    );
    const next = warningsOf(day.eighteenAt, pack.consent.adulthoodWarningsMs, pack.timeZone).find(
      (one) => one > now,
    );
    await keepComingOfAge(tx, caseId, { ...day, warned: day.warned + 1 }, next ?? day.eighteenAt);
  };

export const appoint = (
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  guardian: Pick<Guardian, 'guardianId' | 'from' | 'until'>,
  call: Call,
): Promise<Answer<{ guardianId: string }>> => {
  const decide = asOwner(call, (file) => appointGuardian(file, guardian, pack.consent, call.at));
  return changeCase(tx, pack, call, caseId, decide, () => ({ guardianId: guardian.guardianId }));
};

export const suspect = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, guardianId }: { readonly caseId: string; readonly guardianId: string },
  call: Call,
): Promise<Answer<{ guardianId: string }>> => {
  const asking = { rules: pack.consent, now: call.at, mint: randomUUID };
  const decide = asOwner(call, (file) => suspectGuardian(file, guardianId, asking));
  return changeCase(tx, pack, call, caseId, decide, () => ({ guardianId }));
};

export const changeTerm = (
  tx: Transaction,
  pack: CountryPack,
  {
    caseId,
    ...change
  }: { readonly caseId: string; readonly guardianId: string; readonly until: Instant },
  call: Call,
): Promise<Answer<{ guardianId: string }>> => {
  const decide = asOwner(call, (file) => changeGuardianship(file, change, call.at));
  return changeCase(tx, pack, call, caseId, decide, () => ({ guardianId: change.guardianId }));
};

export const lift = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, guardianId }: { readonly caseId: string; readonly guardianId: string },
  call: Call,
): Promise<Answer<{ guardianId: string }>> => {
  const decide = asOwner(call, (file) => liftSuspicion(file, guardianId, call.at));
  return changeCase(tx, pack, call, caseId, decide, () => ({ guardianId }));
};

export const capacity = (
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  assessed: Assessment,
  call: Call,
) => {
  const decide = asOwner(call, (file) => recordCapacity(file, assessed, pack.consent, call.at));
  return changeCase(tx, pack, call, caseId, decide, () => ({ caseId }));
};

export const setContact = (
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  rules: readonly ContactRule[],
  call: Call,
) => {
  const decide = asOwner(call, (file) => setSafeContact(file, rules));
  return changeCase(tx, pack, call, caseId, decide, () => ({ caseId }));
};

export interface ContactRequest extends Subject {
  readonly channel: string;
  /** `HH:MM` in the country's time zone. */
  readonly localTime: string;
}

/**
 * Whether the person may be contacted by this channel at this hour. The answer is logged. A caller who may not ask gets the same no as for an unknown
 * person, unlogged.
 */
export async function checkContact(
  tx: Transaction,
  pack: CountryPack,
  ask: ContactRequest,
  call: Call,
): Promise<Answer<ContactVerdict>> {
  const no = answer({ isAllowed: false, mayLeaveMessage: false });
  const { organisation } = call.actor;
  const resolved = await resolveCase(tx, ask, organisation);
  if (resolved.kind === 'refused') return resolved.refusal === 'not-found' ? no : resolved;
  const file = await caseFiles.find(tx, resolved.response.caseId);
  if (!file) return no;
  if (!(await mayCheckContact(tx, pack, file, call))) return no;
  const given = mayContact(file.contact, ask.channel, ask.localTime);
  logDisclosure(tx, {
    id: randomUUID(),
    at: call.at,
    byService: 'case-vault',
    caseId: file.caseId,
    organisationId: organisation,
    personId: call.actor.person,
    content: 'safe-contact',
    purpose: 'immediate-protection',
    basis: 'safe-contact-rules',
  });
  return answer(given);
}

/** Those who act on the case or have a relation may ask. Others, such as an authority or an escort, need a basis to read `contact` for any purpose. */
async function mayCheckContact(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  call: Call,
): Promise<boolean> {
  if (mayAct(file, call.actor)) return true;
  const { organisation } = call.actor;
  const relations = await relationsOf(tx, file.caseId, organisation);
  if (relations.length > 0) return true;
  const powers = await powersOf(tx, pack, organisation);
  return pack.purposes.some(({ code: purpose }) => {
    const reading = { organisation, section: CONTACT, purpose, relations, powers };
    return mayRead(file, reading, pack.consent.powerLimits, call.at).isAllowed;
  });
}

const CONTACT = 'contact';
