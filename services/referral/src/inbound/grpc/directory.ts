import type {
  DirectoryServiceService,
  ServiceEntry,
} from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import type { CountryPack } from '@opennrm/country';
import {
  answer,
  type Call,
  codeOf,
  codesOf,
  field,
  pagingBy,
  type RpcsOf,
  refused,
  unary,
} from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { z } from 'zod';
import { accreditationOf, type DirectoryEntry } from '../../domain/directory.ts';
import type { OrganisationId, ServiceId } from '../../domain/need.ts';
import * as entries from '../../handlers/directory.ts';
import { directory } from '../../outbound/directory.ts';
import { freeBandOf, listServices, SERVICES_BEGIN } from '../../outbound/directory-reads.ts';

type Rpcs = RpcsOf<typeof DirectoryServiceService>;

const pages = pagingBy(SERVICES_BEGIN);

const openHours = z
  .array(
    z.object({
      weekday: z.number().int().min(1, 'must be 1 to 7').max(7, 'must be 1 to 7'),
      opens: field.time,
      closes: field.closingTime,
    }),
  )
  .max(21, 'must be at most 21 entries');

function criteriaOf(pack: CountryPack) {
  const size = z.number().int().min(1, 'must be at least 1').max(50, 'must be at most 50');
  return z
    .object({
      groups: codesOf(pack.groups, 'group'),
      smallestParty: size,
      largestParty: size,
      accessibility: codesOf(pack.accessibility, 'accessibility code'),
      languages: codesOf(pack.languages, 'language'),
      care: codesOf(pack.care, 'care code'),
      risksNotAccepted: codesOf(pack.risks, 'risk code'),
      specialisms: codesOf(pack.specialisms, 'specialism'),
      childLicence: z.boolean(),
      fundingRequired: z.boolean(),
    })
    .refine(({ smallestParty, largestParty }) => smallestParty <= largestParty, {
      path: ['largestParty'],
      message: 'must not be below smallest_party',
    });
}

/** The directory of providers: providers register, and another organisation accredits. */
export function directoryRpcs(pack: CountryPack): Rpcs {
  return {
    registerOrganisation: unary(
      z.object({
        organisationId: field.id,
        kind: codeOf(pack.organisationKinds, 'kind of organisation'),
      }),
      (tx, request, call) =>
        entries.registerOrganisation(tx, request.organisationId, request.kind, call),
    ),
    registerService: unary(
      z.object({
        serviceId: field.id.transform((id) => id as ServiceId),
        organisationId: field.id.transform((id) => id as OrganisationId),
        need: codeOf(pack.serviceClasses, 'service class'),
        region: codeOf(pack.regions, 'region'),
        criteria: criteriaOf(pack),
        acceptance: z.enum(['by-offer', 'direct', 'duty'], 'must be by-offer, direct or duty'),
        openHours,
        nightCover: z.boolean(),
        openOnHolidays: z.boolean(),
        promisedAnswerMinutes: z.number().int().max(100_000, 'must be at most 100000'),
      }),
      (tx, entry, call) => entries.register(tx, pack, entry, call),
    ),
    accredit: unary(
      z.object({
        serviceId: field.id,
        until: field.date,
        unlessDeclared: z.boolean().default(false),
      }),
      (tx, { until, ...vetted }, call) =>
        entries.accreditService(tx, pack, { ...vetted, until: instant(Date.parse(until)) }, call),
    ),
    suspend: unary(
      z.object({ serviceId: field.id, code: codeOf(pack.suspensionCodes, 'suspension code') }),
      (tx, { serviceId, code }, call) => entries.suspendService(tx, pack, serviceId, code, call),
    ),
    getService: unary(z.object({ serviceId: field.id }), async (tx, { serviceId }, call) => {
      const entry = await directory.find(tx, serviceId);
      return entry
        ? answer({ service: entryView(entry, await freeBandOf(tx, serviceId), call) })
        : refused('not-found', 'service_id');
    }),
    listServices: unary(
      z.object({ pageSize: field.pageSize, pageToken: pages.pageToken }),
      async (tx, { pageSize, pageToken }, call) => {
        const rows = await listServices(tx, pageToken, pageSize);
        return answer({
          services: rows.map(({ entry, freeBand }) => entryView(entry, freeBand, call)),
          nextPageToken: pages.nextPageToken(rows, pageSize, ({ entry }) => ({
            need: entry.need,
            id: entry.serviceId,
          })),
        });
      },
    ),
  };
}

function entryView(entry: DirectoryEntry, freeBand: string, { actor, at }: Call): ServiceEntry {
  const lists = Object.fromEntries(
    Object.entries(entry.criteria).map(([name, value]) => [
      name,
      Array.isArray(value) ? [...value] : value,
    ]),
  );
  const vetsOrOwns = actor.organisation === entry.organisationId || actor.holds('accreditor');
  const whenShown = (moment: Instant | undefined): Date | undefined =>
    moment !== undefined && vetsOrOwns ? new Date(moment) : undefined;
  return {
    serviceId: entry.serviceId,
    organisationId: entry.organisationId,
    need: entry.need,
    region: entry.region,
    criteria: lists as never,
    acceptance: entry.acceptance,
    nightCover: entry.nightCover,
    openOnHolidays: entry.openOnHolidays,
    openHours: entry.openHours.map((hours) => ({ ...hours })),
    promisedAnswerMinutes: entry.promisedAnswerMinutes,
    accreditation: accreditationOf(entry, at),
    freeBand,
    registeredAt: whenShown(entry.registeredAt),
    accreditationChangedAt: whenShown(entry.accreditationChangedAt),
  };
}
