import { uuid } from '@opennrm/runtime';
import { z } from 'zod';

/*
 * The part of HSDS 3.1 (Open Referral) that the importer reads. Facts without a field in HSDS are in `attributes`; their labels are listed in
 * `infra/countries/README.md`.
 */

/** When a record was last changed or checked. Absent, null and empty mean unknown. A time without a zone is read as UTC. */
const when = z
  .union(
    [z.literal(''), z.iso.date(), z.iso.datetime({ offset: true, local: true })],
    'must be a date like 2026-03-02 or a time like 2026-03-02T09:30:00Z',
  )
  .nullish()
  .transform((text) =>
    text
      ? new Date(/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`)
      : undefined,
  );

/** The changes of a record. */
const metadata = z.array(z.object({ last_action_date: when })).default([]);

const attribute = z.object({ label: z.string(), value: z.string() });
const attributes = z.array(attribute).default([]);

const schedule = z.object({
  freq: z.literal('WEEKLY', 'must be WEEKLY'),
  byday: z
    .string()
    .regex(/^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$/, 'must be weekdays like MO,TU'),
  opens_at: z.string(),
  closes_at: z.string(),
});

const address = z.object({
  address_1: z.string().min(1),
  city: z.string(),
  postal_code: z.string(),
});

const location = z.object({
  id: uuid(),
  description: z.string().default(''),
  addresses: z.array(address).min(1, 'must have an address'),
  attributes,
  last_modified: when,
  metadata,
});

const service = z.object({
  id: uuid(),
  status: z.enum(['active', 'inactive', 'defunct', 'temporarily closed']),
  languages: z.array(z.object({ code: z.string() })).default([]),
  schedules: z.array(schedule).default([]),
  service_capacity: z
    .array(
      z.object({
        unit: z.object({ name: z.string() }),
        available: z.number(),
        maximum: z.number(),
        updated: when,
      }),
    )
    .default([]),
  service_at_locations: z.array(z.object({ location })).default([]),
  attributes,
  last_modified: when,
  assured_date: when,
  metadata,
});

/** An organisation with its services and their locations. */
export const organization = z.object({
  id: uuid(),
  attributes,
  services: z.array(service).default([]),
});

export const hsdsExport = z.object({
  organizations: z.array(organization).min(1, 'must have at least one organization'),
});

export type HsdsOrganization = z.infer<typeof organization>;
export type HsdsService = z.infer<typeof service>;
export type HsdsLocation = z.infer<typeof location>;

/** The newest date at which the record was changed or checked; undefined where it has no date. */
export function dateOf(record: {
  readonly last_modified?: Date | undefined;
  readonly assured_date?: Date | undefined;
  readonly metadata: readonly { readonly last_action_date?: Date | undefined }[];
}): Date | undefined {
  const changes = record.metadata.map((change) => change.last_action_date);
  const dates = [record.last_modified, record.assured_date, ...changes].filter(
    (date) => date !== undefined,
  );
  return dates.toSorted((one, other) => other.getTime() - one.getTime())[0];
}

/** Every value of a label, in order. */
export const valuesOf = (
  of: { readonly attributes: readonly z.infer<typeof attribute>[] },
  label: string,
): string[] =>
  of.attributes.filter((one) => one.label === `opennrm:${label}`).map((one) => one.value);

/** The first value of a label, or `otherwise` where there is none. */
export const firstOf = (
  of: { readonly attributes: readonly z.infer<typeof attribute>[] },
  label: string,
  otherwise: string,
): string => valuesOf(of, label)[0] ?? otherwise;
