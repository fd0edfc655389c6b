import type { CaseVaultServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { codeOf, codesOf, field, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { NewPermission } from '../../domain/permission/given.ts';
import * as permissions from '../../handlers/permissions.ts';
import * as withdrawals from '../../handlers/withdrawals.ts';
import { answered, caseId, dateOf, given, howGiven, sectionList } from './fields.ts';

type Rpcs = Pick<RpcsOf<typeof CaseVaultServiceService>, 'grantPermission' | 'withdrawPermission' | 'recordBasis'>;

const ground = (pack: CountryPack) => ({
  ...{ purpose: codeOf(pack.purposes, 'purpose'), sections: sectionList(pack) },
  ...{ validFrom: field.moment, validUntil: field.moment },
});

/** A yes as it comes in: said, or only thought of. */
export const permissionAsked = (pack: CountryPack) =>
  z.object({
    ...{ caseId, permissionId: field.id, ...ground(pack), ...howGiven(pack) },
    receivers: z.object({
      excludedRegions: codesOf(pack.regions, 'region'),
      excludedOrganisationIds: field.ids,
      organisationIds: field.ids,
      serviceClasses: codesOf(pack.serviceClasses, 'service class'),
    }),
    ...{ afterPermissionId: field.optionalId, renewsPermissionId: field.optionalId },
  });

type Asked = z.infer<ReturnType<typeof permissionAsked>>;

export function permissionOf(request: Asked, call: Parameters<typeof given>[1]): NewPermission {
  const { rest, how } = given(request, call);
  const { caseId: _case, afterPermissionId: after, renewsPermissionId: renews, ...permission } = rest;
  return { ...permission, given: how, after, renews };
}

const channels = ['in-person', 'written', 'telephone'] as const;
const channel = z.union([
  z.literal('').transform(() => channels[0]),
  z.enum(channels, `must be empty or one of ${channels.join(', ')}`),
]);

const takenBack = (pack: CountryPack) =>
  z.object({
    guardianId: field.optionalId,
    language: z.union([z.literal('').transform(() => undefined), codeOf(pack.languages, 'language')]),
    saidAt: z.union([z.undefined(), field.moment]),
  });

/** proto → command for what she permits and takes back, and for what the law permits. */
export const permissionRpcs = (pack: CountryPack): Rpcs => ({
  grantPermission: unary(permissionAsked(pack), (tx, request, call) =>
    permissions.grant(tx, pack, request.caseId, permissionOf(request, call), call),
  ),
  withdrawPermission: unary(
    z.object({ caseId, permissionId: field.id, channel, how: z.union([z.undefined(), takenBack(pack)]) }),
    async (tx, { how, ...request }, call) => {
      const said = how && { guardianId: how.guardianId, language: how.language, at: how.saidAt ?? call.at };
      const given = await withdrawals.withdraw(tx, pack, { ...request, said }, call);
      return answered(given, ({ stays, acknowledgedBy, callBackBy }) => ({
        ...{ permissionId: request.permissionId, stays: [...stays] },
        ...{ acknowledgedBy: dateOf(acknowledgedBy), callBackBy: dateOf(callBackBy) },
      }));
    },
  ),
  recordBasis: unary(
    z.object({
      ...{ caseId, basisId: field.id, code: codeOf(pack.bases, 'legal basis'), ...ground(pack) },
      controllerId: field.optionalId,
      cannotBeAsked: z.union([z.literal(''), codeOf(pack.consent.incapacityReasons, 'reason why she cannot be asked')]),
    }),
    (tx, { caseId: id, controllerId: controller, cannotBeAsked, ...recorded }, call) =>
      permissions.basis(tx, pack, id, { ...recorded, controller, ...(cannotBeAsked && { cannotBeAsked }) }, call),
  ),
});
