import type { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import { type CountryPack, localTimeOf } from '@opennrm/country';
import { type Call, codeOf, codesOf, field, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { TakenBack } from '../../domain/permission/withdrawal.ts';
import type { Sight } from '../../domain/reading/who-could-see.ts';
import * as consents from '../../handlers/consents.ts';
import * as permissions from '../../handlers/permissions.ts';
import { whatIf } from '../../handlers/what-if.ts';
import * as withdrawals from '../../handlers/withdrawals.ts';
import { disclosureView } from './case.ts';
import { consentsView, detailView, receiptView } from './consent-views.ts';
import { answered, caseId, dateOf, given, howGiven, newestFirst, sectionList } from './fields.ts';
import { permissionAsked, permissionOf } from './permissions.ts';

type Rpcs = RpcsOf<typeof ConsentServiceService>;

/** proto → command and back for the three records: agreement, permission, legal basis. */
export function consentRpcs(pack: CountryPack): Rpcs {
  return { ...sayingNo(pack), ...looking(pack), ...following(pack) };
}

const sayingNo = (pack: CountryPack): Pick<Rpcs, 'refusePermission' | 'reviewBasis' | 'endBasis'> => ({
  refusePermission: unary(
    z.object({
      ...{ caseId, refusalId: field.id, purpose: codeOf(pack.purposes, 'purpose'), sections: sectionList(pack) },
      ...{ organisationIds: field.ids, ...howGiven(pack) },
      serviceClasses: codesOf(pack.serviceClasses, 'service class'),
    }),
    (tx, request, call) => {
      const { rest, how } = given(request, call);
      const { caseId: id, ...refusal } = rest;
      return permissions.refuse(tx, pack, id, { ...refusal, given: how }, call);
    },
  ),
  reviewBasis: unary(z.object({ caseId, basisId: field.id, stays: z.boolean() }), (tx, request, call) =>
    permissions.review(tx, pack, request, call),
  ),
  endBasis: unary(z.object({ caseId, basisId: field.id }), (tx, request, call) =>
    permissions.end(tx, pack, request, call),
  ),
});

function looking(pack: CountryPack): Pick<Rpcs, 'getReceipt' | 'getPermission' | 'whatIf' | 'listConsents'> {
  return {
    getReceipt: unary(z.object({ caseId, recordId: field.id }), async (tx, request, call) =>
      answered(await consents.receipt(tx, pack, request, call), receiptView),
    ),
    getPermission: unary(z.object({ caseId, permissionId: field.id }), async (tx, request, call) =>
      answered(await consents.detail(tx, request, call), detailView),
    ),
    whatIf: unary(
      z
        .object({
          ...{ caseId, withdrawnPermissionId: field.optionalId },
          yes: z.union([z.undefined(), permissionAsked(pack)]),
        })
        .refine((one) => one.yes === undefined || one.withdrawnPermissionId === undefined, {
          ...{ path: ['yes'], message: 'must not be given together with withdrawn_permission_id' },
        }),
      async (tx, { caseId: id, yes, withdrawnPermissionId }, call: Call) => {
        const thought = { yes: yes && permissionOf(yes, call), withdrawnPermissionId };
        return answered(await whatIf(tx, pack, id, thought, call), ({ gained, lost, stays }) => ({
          ...{ gained: gained.map(sightView), lost: lost.map(sightView), stays: stays.map(sightView) },
        }));
      },
    ),
    listConsents: unary(
      z.object({ caseId, pageSize: field.pageSize, pageToken: newestFirst.pageToken }),
      async (tx, { caseId: id, pageSize: size, pageToken: before }, call) =>
        answered(await consents.list(tx, pack, id, { before, size }, call), (all) => ({
          ...consentsView(pack, all, call.at),
          nextPageToken: newestFirst.nextPageToken(all, size, ({ at, id: last }) => ({ at, id: last })),
        })),
    ),
  };
}

const sightView = ({ organisation, serviceClass, ...what }: Sight) => ({
  ...{ ...what, organisationId: organisation ?? '', serviceClass: serviceClass ?? '' },
});

const saidBack = ({ guardianId, language, at }: TakenBack) => ({
  ...{ by: guardianId === undefined ? 'person' : 'guardian', language: language ?? '', at: new Date(at) },
});

const following = (pack: CountryPack): Pick<Rpcs, 'getWithdrawal' | 'recordCallBack'> => ({
  getWithdrawal: unary(z.object({ caseId, permissionId: field.id }), async (tx, request, call) =>
    answered(await withdrawals.find(tx, pack, request, call), ({ withdrawal, acknowledgedBy, stays, toldBefore }) => ({
      ...{ permissionId: withdrawal.permissionId, at: new Date(withdrawal.at), because: withdrawal.because },
      audiences: withdrawal.audiences.map((one) => ({
        ...{ service: one.service, acknowledgedAt: dateOf(one.acknowledgedAt), closed: one.closed },
      })),
      acknowledgedBy: dateOf(acknowledgedBy),
      overdue: acknowledgedBy !== undefined && call.at >= withdrawal.at + pack.consent.acknowledgedWithinMs,
      ...{ stays: [...stays], toldBefore: toldBefore.map((row) => disclosureView(row, pack.consent.hiddenReceivers)) },
      callBack: withdrawal.channel === 'telephone' ? (withdrawal.calledBack ?? 'due') : '',
      callBackAttempts: withdrawal.triedToCall ?? 0,
      said: withdrawal.said && saidBack(withdrawal.said),
    })),
  ),
  recordCallBack: unary(
    z.object({
      ...{ caseId, permissionId: field.id, outcome: codeOf(pack.consent.callBackOutcomes, 'outcome of a call') },
      channel: z.union([z.literal(''), codeOf(pack.consent.contactChannels, 'channel')]),
    }),
    (tx, request, call) =>
      withdrawals.recordCallBack(tx, pack, { ...request, localTime: localTimeOf(call.at, pack.timeZone) }, call),
  ),
});
