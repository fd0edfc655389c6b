import type { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import { type CountryPack, localTimeOf } from '@opennrm/country';
import { type Call, codeOf, codesOf, field, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { WithdrawalStatement } from '../../domain/permission/withdrawal.ts';
import type { ReadAccess } from '../../domain/reading/read-access.ts';
import * as consents from '../../handlers/consents.ts';
import * as permissions from '../../handlers/permissions.ts';
import { previewAccess } from '../../handlers/preview-access.ts';
import * as withdrawals from '../../handlers/withdrawals.ts';
import { disclosureView } from './case.ts';
import { consentsView, detailView, receiptView } from './consent-views.ts';
import { caseId, dateOf, given, howGiven, mapAnswer, newestFirst, sectionList } from './fields.ts';
import { permissionAsked, permissionOf } from './permissions.ts';

type Rpcs = RpcsOf<typeof ConsentServiceService>;

/** proto → command and back for the three records: agreement, permission, legal basis. */
export function consentRpcs(pack: CountryPack): Rpcs {
  return { ...sayingNo(pack), ...looking(pack), ...following(pack) };
}

const sayingNo = (pack: CountryPack): Pick<Rpcs, 'recordDenial' | 'reviewBasis' | 'endBasis'> => ({
  recordDenial: unary(
    z.object({
      caseId,
      denialId: field.id,
      purpose: codeOf(pack.purposes, 'purpose'),
      sections: sectionList(pack),
      organisationIds: field.ids,
      ...howGiven(pack),
      serviceClasses: codesOf(pack.serviceClasses, 'service class'),
    }),
    (tx, request, call) => {
      const { rest, how } = given(request, call);
      const { caseId: id, ...denial } = rest;
      return permissions.refuse(tx, pack, id, { ...denial, given: how }, call);
    },
  ),
  reviewBasis: unary(
    z.object({ caseId, basisId: field.id, isUpheld: z.boolean() }),
    (tx, request, call) => permissions.review(tx, pack, request, call),
  ),
  endBasis: unary(z.object({ caseId, basisId: field.id }), (tx, request, call) =>
    permissions.end(tx, pack, request, call),
  ),
});

function looking(
  pack: CountryPack,
): Pick<Rpcs, 'getReceipt' | 'getPermission' | 'previewAccess' | 'listConsents'> {
  return {
    getReceipt: unary(z.object({ caseId, recordId: field.id }), async (tx, request, call) =>
      mapAnswer(await consents.receipt(tx, pack, request, call), receiptView),
    ),
    getPermission: unary(z.object({ caseId, permissionId: field.id }), async (tx, request, call) =>
      mapAnswer(await consents.detail(tx, request, call), detailView),
    ),
    previewAccess: unary(
      z
        .object({
          caseId,
          withdrawnPermissionId: field.optionalId,
          proposedPermission: z.union([z.undefined(), permissionAsked(pack)]),
        })
        .refine(
          (one) => one.proposedPermission === undefined || one.withdrawnPermissionId === undefined,
          {
            path: ['proposedPermission'],
            message: 'must not be given together with withdrawn_permission_id',
          },
        ),
      async (tx, { caseId: id, proposedPermission, withdrawnPermissionId }, call: Call) => {
        const proposed = {
          permission: proposedPermission && permissionOf(proposedPermission, call),
          withdrawnPermissionId,
        };
        return mapAnswer(
          await previewAccess(tx, pack, id, proposed, call),
          ({ gained, lost, unchanged }) => ({
            gained: gained.map(readAccessView),
            lost: lost.map(readAccessView),
            unchanged: unchanged.map(readAccessView),
          }),
        );
      },
    ),
    listConsents: unary(
      z.object({ caseId, pageSize: field.pageSize, pageToken: newestFirst.pageToken }),
      async (tx, { caseId: id, pageSize: size, pageToken: before }, call) =>
        mapAnswer(await consents.list(tx, pack, id, { before, size }, call), (all) => ({
          ...consentsView(pack, all, call.at),
          nextPageToken: newestFirst.nextPageToken(all, size, ({ at, id: last }) => ({
            at,
            id: last,
          })),
        })),
    ),
  };
}

const readAccessView = ({ organisation, serviceClass, ...what }: ReadAccess) => ({
  ...what,
  organisationId: organisation ?? '',
  serviceClass: serviceClass ?? '',
});

const withdrawalStatementView = ({ guardianId, language, at }: WithdrawalStatement) => ({
  by: guardianId === undefined ? 'person' : 'guardian',
  language: language ?? '',
  at: new Date(at),
});

const following = (pack: CountryPack): Pick<Rpcs, 'getWithdrawal' | 'recordCallBack'> => ({
  getWithdrawal: unary(z.object({ caseId, permissionId: field.id }), async (tx, request, call) =>
    mapAnswer(
      await withdrawals.find(tx, pack, request, call),
      ({ withdrawal, acknowledgedBy, stillReadable, disclosedBefore }) => ({
        permissionId: withdrawal.permissionId,
        at: new Date(withdrawal.at),
        cause: withdrawal.cause,
        audiences: withdrawal.audiences.map((one) => ({
          service: one.service,
          acknowledgedAt: dateOf(one.acknowledgedAt),
          closed: one.closed,
        })),
        acknowledgedBy: dateOf(acknowledgedBy),
        overdue:
          acknowledgedBy !== undefined &&
          call.at >= withdrawal.at + pack.consent.acknowledgedWithinMs,
        stillReadable: [...stillReadable],
        disclosedBefore: disclosedBefore.map((row) =>
          disclosureView(row, pack.consent.hiddenServiceClasses),
        ),
        callBack: withdrawal.channel === 'telephone' ? (withdrawal.calledBack ?? 'due') : '',
        callBackAttempts: withdrawal.callBackAttempts ?? 0,
        statement: withdrawal.statement && withdrawalStatementView(withdrawal.statement),
      }),
    ),
  ),
  recordCallBack: unary(
    z.object({
      caseId,
      permissionId: field.id,
      outcome: codeOf(pack.consent.callBackOutcomes, 'outcome of a call'),
      channel: z.union([z.literal(''), codeOf(pack.consent.contactChannels, 'channel')]),
    }),
    (tx, request, call) =>
      withdrawals.recordCallBack(
        tx,
        pack,
        { ...request, localTime: localTimeOf(call.at, pack.timeZone) },
        call,
      ),
  ),
});
