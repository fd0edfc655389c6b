import type { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { codeOf, codesOf, field, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { NewPermission } from '../../domain/permission/consent-records.ts';
import * as permissions from '../../handlers/permissions.ts';
import * as withdrawals from '../../handlers/withdrawals.ts';
import { caseId, dateOf, given, howGiven, mapAnswer, sectionList } from './fields.ts';

type Rpcs = Pick<
  RpcsOf<typeof CaseVaultServiceService>,
  'grantPermission' | 'withdrawPermission' | 'recordBasis'
>;

const authorisationFields = (pack: CountryPack) => ({
  purpose: codeOf(pack.purposes, 'purpose'),
  sections: sectionList(pack),
  validFrom: field.moment,
  validUntil: field.moment,
});

/** A yes as it comes in: said, or only thought of. */
export const permissionAsked = (pack: CountryPack) =>
  z.object({
    caseId,
    permissionId: field.id,
    ...authorisationFields(pack),
    ...howGiven(pack),
    receivers: z.object({
      excludedRegions: codesOf(pack.regions, 'region'),
      excludedOrganisationIds: field.ids,
      organisationIds: field.ids,
      serviceClasses: codesOf(pack.serviceClasses, 'service class'),
    }),
    afterPermissionId: field.optionalId,
    renewsPermissionId: field.optionalId,
  });

type Asked = z.infer<ReturnType<typeof permissionAsked>>;

export function permissionOf(request: Asked, call: Parameters<typeof given>[1]): NewPermission {
  const { rest, how } = given(request, call);
  const {
    caseId: _case,
    afterPermissionId: after,
    renewsPermissionId: renews,
    ...permission
  } = rest;
  return { ...permission, given: how, after, renews };
}

const channels = ['in-person', 'written', 'telephone'] as const;
const channel = z.union([
  z.literal('').transform(() => channels[0]),
  z.enum(channels, `must be empty or one of ${channels.join(', ')}`),
]);

const withdrawalStatement = (pack: CountryPack) =>
  z.object({
    guardianId: field.optionalId,
    language: z.union([
      z.literal('').transform(() => undefined),
      codeOf(pack.languages, 'language'),
    ]),
    statedAt: z.union([z.undefined(), field.moment]),
  });

/** proto → command for permissions and withdrawals, and for legal bases. */
export const permissionRpcs = (pack: CountryPack): Rpcs => ({
  grantPermission: unary(permissionAsked(pack), (tx, request, call) =>
    permissions.grant(tx, pack, request.caseId, permissionOf(request, call), call),
  ),
  withdrawPermission: unary(
    z.object({
      caseId,
      permissionId: field.id,
      channel,
      statement: z.union([z.undefined(), withdrawalStatement(pack)]),
    }),
    async (tx, { statement: stated, ...request }, call) => {
      const statement = stated && {
        guardianId: stated.guardianId,
        language: stated.language,
        at: stated.statedAt ?? call.at,
      };
      const given = await withdrawals.withdraw(tx, pack, { ...request, statement }, call);
      return mapAnswer(given, ({ stillReadable, acknowledgedBy, callBackBy }) => ({
        permissionId: request.permissionId,
        stillReadable: [...stillReadable],
        acknowledgedBy: dateOf(acknowledgedBy),
        callBackBy: dateOf(callBackBy),
      }));
    },
  ),
  recordBasis: unary(
    z.object({
      caseId,
      basisId: field.id,
      code: codeOf(pack.bases, 'legal basis'),
      ...authorisationFields(pack),
      controllerId: field.optionalId,
      cannotAskReason: z.union([
        z.literal(''),
        codeOf(pack.consent.incapacityReasons, "'reason why the person cannot be asked'"),
      ]),
    }),
    (tx, { caseId: id, controllerId: controller, cannotAskReason, ...recorded }, call) =>
      permissions.basis(
        tx,
        pack,
        id,
        { ...recorded, controller, ...(cannotAskReason && { cannotAskReason }) },
        call,
      ),
  ),
});
