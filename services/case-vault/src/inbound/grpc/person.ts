import type { PersonServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import { type CountryPack, localDateOf, localTimeOf, startOfDay } from '@opennrm/country';
import { codeOf, field, type RpcsOf, unary } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { z } from 'zod';
import { TO_SHARE } from '../../domain/person/who-may-consent.ts';
import * as person from '../../handlers/person.ts';
import { caseId, either, named, subject } from './fields.ts';

type Rpcs = RpcsOf<typeof PersonServiceService>;

const ages = ['adult', 'child', 'unsure', 'disputed'] as const;
/** proto → command for age, guardians and capacity, and for safe contact. */
export function personRpcs(pack: CountryPack): Rpcs {
  const { consent, timeZone } = pack;
  return {
    recordAge: unary(
      z.object({
        caseId,
        age: z.enum(ages, `must be one of ${ages.join(', ')}`),
        birthDate: z.union([field.none, field.date]),
      }),
      async (tx, { birthDate, ...said }, call) => {
        if (birthDate !== undefined && birthDate > localDateOf(call.at, timeZone))
          return { kind: 'refused', refusal: 'birth-date-in-the-future', field: 'birth_date' };
        const eighteenAt =
          birthDate === undefined ? undefined : eighteenthBirthday(birthDate, timeZone);
        return person.age(tx, pack, { ...said, eighteenAt }, call);
      },
    ),
    appointGuardian: unary(
      z.object({ caseId, guardianId: field.id, from: field.moment, until: field.optionalMoment }),
      (tx, { caseId: id, guardianId, from, until }, call) =>
        person.appoint(tx, pack, id, { guardianId, from, until }, call),
    ),
    suspectGuardian: unary(z.object({ caseId, guardianId: field.id }), (tx, request, call) =>
      person.suspect(tx, pack, request, call),
    ),
    changeGuardianship: unary(
      z.object({ caseId, guardianId: field.id, until: field.moment }),
      (tx, request, call) => person.changeTerm(tx, pack, request, call),
    ),
    liftSuspicion: unary(z.object({ caseId, guardianId: field.id }), (tx, request, call) =>
      person.lift(tx, pack, request, call),
    ),
    recordCapacity: unary(
      z.object({
        caseId,
        decision: z.literal(TO_SHARE, `must be ${TO_SHARE}`),
        able: z.boolean(),
        reason: z.union([field.none, codeOf(consent.incapacityReasons, 'reason')]),
        reassessAt: field.optionalMoment,
      }),
      (tx, { caseId: id, decision, able, reason, reassessAt }, call) =>
        person.capacity(tx, pack, id, { decision, able, reason, reassessAt }, call),
    ),
    setSafeContact: unary(
      z.object({
        caseId,
        rules: z
          .array(
            z.object({
              channel: codeOf(consent.contactChannels, 'channel'),
              from: field.time,
              until: field.time,
              mayLeaveMessage: z.boolean(),
            }),
          )
          .max(20, 'must be at most 20 entries'),
      }),
      (tx, { caseId: id, rules }, call) => person.setContact(tx, pack, id, rules, call),
    ),
    checkContact: unary(
      z
        .object({ ...subject, channel: codeOf(consent.contactChannels, 'channel') })
        .refine(named, either),
      (tx, ask, call) =>
        person.checkContact(tx, pack, { ...ask, localTime: localTimeOf(call.at, timeZone) }, call),
    ),
  };
}

/** The first moment of the eighteenth birthday; for 29 February it is 1 March. */
function eighteenthBirthday(birthDate: string, timeZone: string): Instant {
  const [year = '', month, day] = birthDate.split('-');
  const eighteen = `${Number(year) + 18}-${month}-${day}`;
  const exists = new Date(`${eighteen}T00:00:00Z`).toISOString().startsWith(eighteen);
  return startOfDay(
    (exists ? eighteen : `${Number(year) + 18}-03-01`) as Parameters<typeof startOfDay>[0],
    timeZone,
  );
}
