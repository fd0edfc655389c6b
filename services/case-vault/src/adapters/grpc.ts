import type { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { answer, codeOf, field, Personal, type RpcsOf, refused, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { CaseId } from '../domain/case-file.ts';
import { servicesWithReferences } from '../domain/opening.ts';
import * as cases from '../handlers/cases.ts';
import * as grounds from '../handlers/grounds.ts';
import * as notes from '../handlers/notes.ts';
import * as sections from '../handlers/sections.ts';
import type { Safe } from './sealing/safe.ts';

type Rpcs = RpcsOf<typeof CaseVaultServiceService>;

const LONGEST_SECTION = 16_000;
const LONGEST_NOTE = 4_000;
const LATEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const words = (atMost: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(atMost, `must be at most ${atMost} characters`)
    .transform((content) => new Personal(content));

const before = z.union([
  z.literal('').transform(() => ({ at: Number.MAX_SAFE_INTEGER, id: LATEST_ID })),
  z
    .string()
    .regex(/^\d{1,16}_[0-9a-f-]{36}$/, 'must be the token of the page before')
    .transform((token) => ({ at: Number(token.split('_')[0]), id: token.split('_')[1] ?? LATEST_ID })),
]);

/** proto → command: every field checked, every code looked up in the pack; words become `Personal` here and are plain nowhere. */
export function rpcs(pack: CountryPack, safe: Safe): Rpcs {
  return { ...caseRpcs(pack), ...groundRpcs(pack), ...wordRpcs(pack, safe) };
}

const caseId = field.id.transform((id) => id as CaseId);
const service = z.enum(servicesWithReferences, `must be one of ${servicesWithReferences.join(', ')}`);

function caseRpcs(
  pack: CountryPack,
): Pick<Rpcs, 'openCase' | 'registerReference' | 'setKeepApart' | 'listDisclosures'> {
  return {
    openCase: unary(
      z.object({
        caseId,
        services: z.array(service).max(10, 'must be at most 10 entries'),
        need: codeOf(pack.needs, 'need'),
      }),
      (tx, request, call) => cases.open(tx, pack, request, call),
    ),
    registerReference: unary(
      z.object({ caseId, reference: z.object({ service, reference: field.id }) }),
      (tx, request, call) => cases.register(tx, pack, request.caseId, request.reference, call),
    ),
    setKeepApart: unary(z.object({ caseId, otherCaseId: caseId, apartId: field.id }), (tx, request, call) =>
      cases.setApart(tx, pack, request.caseId, { ...request, by: call.actor.person }, call),
    ),
    listDisclosures: unary(
      z.object({ caseId, pageSize: field.pageSize, pageToken: before }),
      async (tx, request, call) => {
        const rows = await cases.listDisclosures(tx, request.caseId, request.pageToken, request.pageSize, call);
        if (!rows) return refused('not-found', 'case_id');
        const last = rows.length === request.pageSize ? rows.at(-1) : undefined;
        return answer({
          disclosures: rows.map((row) => ({
            ...{
              disclosureId: row.id,
              at: new Date(row.at),
              organisationId: row.organisation_id,
              personId: row.person_id ?? '',
            },
            ...{ content: row.content, purpose: row.purpose, basis: row.basis, byService: row.by_service },
          })),
          nextPageToken: last ? `${last.at}_${last.id}` : '',
        });
      },
    ),
  };
}

function groundRpcs(pack: CountryPack): Pick<Rpcs, 'grantPermission' | 'withdrawPermission' | 'recordBasis'> {
  const region = codeOf(pack.regions, 'region');
  const sectionList = z
    .array(codeOf(pack.sections, 'section'))
    .min(1, 'must name at least one section')
    .max(50, 'must be at most 50 entries');
  const ground = {
    ...{ purpose: codeOf(pack.purposes, 'purpose'), sections: sectionList },
    ...{ validFrom: field.moment, validUntil: field.moment },
  };
  const receivers = z.object({
    excludedRegions: z.array(region).max(50, 'must be at most 50 entries'),
    excludedOrganisationIds: field.ids,
    organisationIds: field.ids,
    serviceClasses: z.array(codeOf(pack.needs, 'need')).max(50, 'must be at most 50 entries'),
  });
  return {
    grantPermission: unary(
      z.object({
        ...{ caseId, permissionId: field.id, ...ground, receivers },
        form: z.enum(['spoken', 'written', 'signed'], 'must be spoken, written or signed'),
        language: codeOf(pack.languages, 'language'),
        interpreter: z.boolean(),
      }),
      (tx, { caseId: id, ...permission }, call) => grounds.grant(tx, pack, id, permission, call),
    ),
    withdrawPermission: unary(z.object({ caseId, permissionId: field.id }), (tx, request, call) =>
      grounds.withdraw(tx, pack, request.caseId, request.permissionId, call),
    ),
    recordBasis: unary(
      z.object({ caseId, basisId: field.id, code: codeOf(pack.bases, 'legal basis'), ...ground }),
      (tx, { caseId: id, ...recorded }, call) => grounds.basis(tx, pack, id, recorded, call),
    ),
  };
}

function wordRpcs(
  pack: CountryPack,
  safe: Safe,
): Pick<Rpcs, 'writeSection' | 'readSection' | 'writeNote' | 'readNote'> {
  const section = codeOf(pack.sections, 'section');
  const purpose = codeOf(pack.purposes, 'purpose');
  const subject = { caseId: field.optionalId, holdId: field.optionalId };
  const named = (one: { caseId: string | undefined; holdId: string | undefined }): boolean =>
    (one.caseId === undefined) !== (one.holdId === undefined);
  const either = { path: ['caseId'], message: 'must be given, or hold_id, not both' };
  return {
    writeSection: unary(z.object({ caseId, section, content: words(LONGEST_SECTION) }), (tx, request, call) =>
      sections.write(tx, pack, safe, request, call),
    ),
    readSection: unary(
      z
        .object({ ...subject, section, purpose, person: z.number().int().max(50, 'must be at most 50') })
        .refine(named, either),
      async (tx, wish, call) => revealed(await sections.read(tx, pack, safe, wish, call)),
    ),
    writeNote: unary(
      z.object({ ...subject, noteId: field.id, content: words(LONGEST_NOTE) }).refine(named, either),
      (tx, note, call) => notes.write(tx, pack, safe, note, call),
    ),
    readNote: unary(z.object({ noteId: field.id, purpose }), async (tx, { noteId, purpose: why }, call) =>
      revealed(await notes.read(tx, pack, safe, noteId, why, call)),
    ),
  };
}

/** The one place where words leave: into the answer of the call that was just recorded as a disclosure. */
const revealed = <Told extends { readonly content: Personal<string> }>(
  given:
    | { readonly kind: 'answer'; readonly response: Told }
    | { readonly kind: 'refused'; readonly refusal: string; readonly field?: string | undefined },
) => (given.kind === 'refused' ? given : answer({ ...given.response, content: given.response.content.reveal() }));
