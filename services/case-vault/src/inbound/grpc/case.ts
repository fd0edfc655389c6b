import type { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { answer, codeOf, field, type RpcsOf, refused, setOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import { servicesWithReferences } from '../../domain/new-case.ts';
import * as cases from '../../handlers/cases.ts';
import * as notes from '../../handlers/notes.ts';
import * as sections from '../../handlers/sections.ts';
import type { DisclosureRow } from '../../outbound/disclosures.ts';
import type { SealedStore } from '../../outbound/sealing/sealed-store.ts';
import { caseId, either, named, newestFirst, revealed, sealedText, subject } from './fields.ts';
import { permissionRpcs } from './permissions.ts';

type Rpcs = RpcsOf<typeof CaseVaultServiceService>;

const LONGEST_SECTION = 16_000;
const LONGEST_NOTE = 4_000;

/** proto → command: every field checked, every code looked up in the pack. */
export function caseVaultRpcs(pack: CountryPack, sealedStore: SealedStore): Rpcs {
  return { ...caseRpcs(pack), ...permissionRpcs(pack), ...contentRpcs(pack, sealedStore) };
}

const service = z.enum(
  servicesWithReferences,
  `must be one of ${servicesWithReferences.join(', ')}`,
);

function caseRpcs(
  pack: CountryPack,
): Pick<
  Rpcs,
  'openCase' | 'registerReference' | 'listPeople' | 'setKeepApart' | 'listDisclosures'
> {
  const { hiddenServiceClasses } = pack.consent;
  return {
    openCase: unary(
      z.object({
        caseId,
        services: setOf(service, { most: 10 }),
        need: codeOf(pack.serviceClasses, 'service class'),
      }),
      (tx, request, call) => cases.open(tx, pack, request, call),
    ),
    registerReference: unary(
      z.object({ caseId, reference: z.object({ service, reference: field.id }) }),
      (tx, request, call) => cases.register(tx, pack, request.caseId, request.reference, call),
    ),
    listPeople: unary(z.object({ holdId: field.id }), (tx, { holdId }, call) =>
      cases.people(tx, holdId, call),
    ),
    setKeepApart: unary(
      z.object({ caseId, otherCaseId: caseId, apartId: field.id }),
      (tx, request, call) =>
        cases.setApart(tx, pack, request.caseId, { ...request, by: call.actor.person }, call),
    ),
    listDisclosures: unary(
      z.object({
        caseId,
        pageSize: field.pageSize,
        pageToken: newestFirst.pageToken,
        forThePerson: z.boolean(),
      }),
      async (tx, request, call) => {
        const page = { before: request.pageToken, size: request.pageSize };
        const rows = await cases.listDisclosures(tx, pack, request.caseId, page, call);
        if (!rows) return refused('not-found', 'case_id');
        return answer({
          disclosures: rows.map((row) =>
            disclosureView(row, request.forThePerson ? hiddenServiceClasses : []),
          ),
          nextPageToken: newestFirst.nextPageToken(rows, request.pageSize, ({ at, id }) => ({
            at,
            id,
          })),
        });
      },
    ),
  };
}

/** `hidden`: classes of which neither the organisation nor its people are named. */
export function disclosureView(row: DisclosureRow, hidden: readonly string[]) {
  const isHidden = row.service_class !== null && hidden.includes(row.service_class);
  return {
    disclosureId: row.id,
    at: new Date(row.at),
    serviceClass: row.service_class ?? '',
    organisationId: isHidden ? '' : row.organisation_id,
    personId: isHidden ? '' : (row.person_id ?? ''),
    content: row.content,
    purpose: row.purpose,
    basis: row.basis,
    byService: row.by_service,
  };
}

function contentRpcs(
  pack: CountryPack,
  sealedStore: SealedStore,
): Pick<Rpcs, 'writeSection' | 'readSection' | 'writeNote' | 'readNote'> {
  const section = codeOf(pack.sections, 'section');
  const purpose = codeOf(pack.purposes, 'purpose');
  return {
    writeSection: unary(
      z.object({
        caseId,
        section,
        content: sealedText(LONGEST_SECTION),
        corrects: z.union([
          field.none,
          codeOf(pack.consent.correctionReasons, 'reason of a correction'),
        ]),
      }),
      (tx, request, call) => sections.write(tx, pack, sealedStore, request, call),
    ),
    readSection: unary(
      z
        .object({
          ...subject,
          section,
          purpose,
          person: z.literal(0, 'must be 0: person_id names whom'),
          version: z.number().int().max(1_000_000, 'must be at most 1000000'),
        })
        .refine(named, either),
      async (tx, wish, call) => revealed(await sections.read(tx, pack, sealedStore, wish, call)),
    ),
    writeNote: unary(
      z
        .object({
          ...subject,
          noteId: field.id,
          content: sealedText(LONGEST_NOTE),
          safety: z.union([field.none, codeOf(pack.consent.safetyNotes, 'kind of safety note')]),
        })
        .refine(named, either),
      (tx, note, call) => notes.write(tx, pack, sealedStore, note, call),
    ),
    readNote: unary(z.object({ noteId: field.id, purpose }), async (tx, wish, call) =>
      revealed(await notes.read(tx, pack, sealedStore, wish, call)),
    ),
  };
}
