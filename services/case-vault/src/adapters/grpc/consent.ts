import type { ConsentServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import { type CountryPack, localTimeOf } from '@opennrm/country';
import { type Call, codeOf, field, type RpcsOf, unary } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { z } from 'zod';
import type { LegalBasis } from '../../domain/case-file.ts';
import type { TakenBack } from '../../domain/permission/withdrawal.ts';
import type { Sight } from '../../domain/reading/who-could-see.ts';
import * as consents from '../../handlers/consents.ts';
import * as permissions from '../../handlers/permissions.ts';
import * as withdrawals from '../../handlers/withdrawals.ts';
import { disclosureView } from './case.ts';
import { answered, caseId, dateOf, given, howGiven, sectionList } from './fields.ts';
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
      serviceClasses: z.array(codeOf(pack.needs, 'need')).max(50, 'must be at most 50 entries'),
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

function looking(pack: CountryPack): Pick<Rpcs, 'getReceipt' | 'whatIf' | 'listConsents'> {
  const { hiddenReceivers } = pack.consent;
  return {
    getReceipt: unary(z.object({ caseId, recordId: field.id }), async (tx, request, call) =>
      answered(await consents.receipt(tx, pack, request, call), ({ events, ...receipt }) => ({
        ...receipt,
        ...{ informationCategories: [...receipt.informationCategories], recipients: [...receipt.recipients] },
        events: events.map((one) => ({ ...one, at: new Date(one.at), validUntil: dateOf(one.validUntil) })),
      })),
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
        return answered(await consents.whatIf(tx, pack, id, thought, call), ({ gained, lost, stays }) => ({
          ...{ gained: gained.map(sightView), lost: lost.map(sightView), stays: stays.map(sightView) },
        }));
      },
    ),
    listConsents: unary(z.object({ caseId }), async (tx, request, call) =>
      answered(await consents.list(tx, request.caseId, call), ({ file, agreements }) => ({
        agreements: agreements.map((row) => ({
          ...{ holdId: row.hold_id, serviceClass: row.service_class, agreed: row.agreed, at: new Date(row.at) },
          organisationId: hiddenReceivers.includes(row.service_class) ? '' : row.organisation_id,
        })),
        permissions: [
          ...file.permissions.map((one) => ({
            ...{ permissionId: one.permissionId, purpose: one.purpose, sections: [...one.sections] },
            ...{ state: consents.stateOf(one, call.at), validUntil: new Date(one.validUntil) },
            givenBy: one.given.guardianId === undefined ? 'person' : 'guardian',
          })),
          ...file.refusals.map((no) => ({
            ...{ permissionId: no.refusalId, purpose: no.purpose, sections: [...no.sections], state: 'refused' },
            ...{ validUntil: undefined, givenBy: no.given.guardianId === undefined ? 'person' : 'guardian' },
          })),
        ],
        bases: file.bases.map((one) => ({
          ...{ basisId: one.basisId, code: one.code, purpose: one.purpose, controllerId: one.controller },
          ...{ standsIn: one.standsIn, state: stateOfBasis(one, call.at), validUntil: new Date(one.validUntil) },
        })),
      })),
    ),
  };
}

function stateOfBasis({ validFrom, validUntil, endedAt }: LegalBasis, now: Instant): string {
  if (endedAt !== undefined) return 'ended';
  if (now < validFrom) return 'not-yet';
  return now < validUntil ? 'standing' : 'over';
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
      ...{ stays: [...stays], toldBefore: toldBefore.map((row) => disclosureView(row, [])) },
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
