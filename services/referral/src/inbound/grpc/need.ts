import { Urgency as WireUrgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import type { CountryPack } from '@opennrm/country';
import { codeOf, codesOf, field, oneOf } from '@opennrm/runtime';
import { z } from 'zod';
import type { CaseReference, MemberId, Need } from '../../domain/need.ts';

export const urgency = oneOf({ 1: 'emergency', 2: 'urgent', 3: 'planned' });
export const underEighteen = oneOf({ 1: 'no', 2: 'yes', 3: 'unsure' });

export const yesOrNo = oneOf({ 1: 'yes', 2: 'no' }).transform((answer) => answer === 'yes');

export const urgencyOnWire = {
  emergency: WireUrgency.EMERGENCY,
  urgent: WireUrgency.URGENT,
  planned: WireUrgency.PLANNED,
} as const;

const MAX_PARTY_SIZE = 12;

export const party = z
  .array(
    z.object({
      memberId: field.id.transform((id) => id as MemberId),
      caseReference: field.id.transform((id) => id as CaseReference),
      underEighteen,
    }),
  )
  .min(1, 'must name at least one person')
  .max(MAX_PARTY_SIZE, 'must be at most 12 people');

const emptyOr = <Schema extends z.ZodType>(schema: Schema) => z.union([field.none, schema]);

/** A need as codes of this pack. Every unknown code is reported with its field. */
export function needSchema(pack: CountryPack): z.ZodType<Need> {
  const region = codeOf(pack.regions, 'region');
  return z.object({
    need: codeOf(pack.needs, 'need'),
    group: codeOf(pack.groups, 'group'),
    region,
    whereNow: codeOf(pack.whereNow, 'place'),
    excludedRegions: codesOf(pack.regions, 'region'),
    languages: codesOf(pack.languages, 'language'),
    accessibility: codesOf(pack.accessibility, 'accessibility code'),
    care: codesOf(pack.care, 'care code'),
    risks: codesOf(pack.risks, 'risk code'),
    medicalUrgency: emptyOr(codeOf(pack.medicalUrgencies, 'medical urgency')),
    funding: emptyOr(
      z.enum(['confirmed', 'pending', 'none'], 'must be confirmed, pending, none or empty'),
    ),
    wishes: z
      .object({
        regions: codesOf(pack.regions, 'region'),
        languages: codesOf(pack.languages, 'language'),
        specialisms: codesOf(pack.specialisms, 'specialism'),
      })
      .optional()
      .transform((wishes) => wishes ?? { regions: [], languages: [], specialisms: [] }),
  });
}
