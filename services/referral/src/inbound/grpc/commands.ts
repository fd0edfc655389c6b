import type { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import type { CountryPack } from '@opennrm/country';
import { codeOf, field, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { OrganisationId, ReferralId } from '../../domain/need.ts';
import { overrideActions } from '../../domain/override.ts';
import * as alerts from '../../handlers/alerts.ts';
import * as offers from '../../handlers/offers.ts';
import * as requests from '../../handlers/requests.ts';
import { needSchema, party, urgency, urgencyOnWire, yesOrNo } from './need.ts';

type Rpcs = RpcsOf<typeof ReferralServiceService>;
type Commands = Omit<
  Rpcs,
  | 'getReferral'
  | 'getDecision'
  | 'listOpenOffers'
  | 'watchOpenOffers'
  | 'listReferrals'
  | 'listAlerts'
>;

/** Translates proto requests to commands: checks every field, looks up every code in the country pack, then calls the handler. */
export function commands(pack: CountryPack): Commands {
  return { ...requestCommands(pack), ...offerCommands(pack), ...personCommands(pack) };
}

function requestCommands(
  pack: CountryPack,
): Pick<
  Commands,
  | 'requestReferral'
  | 'amendNeed'
  | 'withdrawReferral'
  | 'confirmEmergency'
  | 'override'
  | 'acknowledgeAlert'
  | 'resolveAlert'
> {
  const need = needSchema(pack);
  const basis = z.union([field.none, codeOf(pack.bases, 'legal basis')]);
  return {
    requestReferral: unary(
      z.object({
        referralId: field.id,
        urgency,
        need,
        party,
        basis,
        foundTogetherId: field.optionalId,
        replacesReferralId: field.optionalId,
      }),
      (tx, { referralId, foundTogetherId, replacesReferralId, ...request }, call) =>
        requests.request(
          tx,
          pack,
          {
            ...request,
            referralId: referralId as ReferralId,
            foundTogether: foundTogetherId,
            ownerOrg: call.actor.organisation as OrganisationId,
            requestedBy: call.actor.person,
          },
          call,
          replacesReferralId,
        ),
    ),
    amendNeed: unary(z.object({ referralId: field.id, need }), (tx, request, call) =>
      requests.amend(tx, pack, request.referralId, request.need, call),
    ),
    withdrawReferral: unary(
      z.object({
        referralId: field.id,
        memberId: field.optionalId,
        code: codeOf(pack.withdrawalCodes, 'withdrawal code'),
      }),
      (tx, { referralId, ...wish }, call) => requests.withdraw(tx, pack, referralId, wish, call),
    ),
    confirmEmergency: unary(z.object({ referralId: field.id }), (tx, { referralId }, call) =>
      requests.confirm(tx, pack, referralId, call),
    ),
    override: unary(
      z.object({
        referralId: field.id,
        action: z.enum(overrideActions, `must be one of ${overrideActions.join(', ')}`),
        code: codeOf(pack.overrideCodes, 'override code'),
        serviceId: field.optionalId,
      }),
      (tx, { referralId, ...how }, call) => requests.overrideRule(tx, pack, referralId, how, call),
    ),
    acknowledgeAlert: unary(z.object({ alertId: field.id }), (tx, { alertId }, call) =>
      alerts.acknowledge(tx, pack, alertId, call),
    ),
    resolveAlert: unary(z.object({ alertId: field.id }), (tx, { alertId }, call) =>
      alerts.resolve(tx, pack, alertId, call),
    ),
  };
}

function offerCommands(
  pack: CountryPack,
): Pick<
  Commands,
  'acceptOffer' | 'declineOffer' | 'recordAnswerByTelephone' | 'logCallAttempt' | 'getOfferProfile'
> {
  const offerId = field.id;
  const declineCode = codeOf(pack.declineCodes, 'decline code');
  return {
    acceptOffer: unary(z.object({ offerId }), (tx, request, call) =>
      offers.accept(tx, pack, request.offerId, call),
    ),
    declineOffer: unary(
      z.object({ offerId, code: declineCode, noteId: field.optionalId }),
      (tx, { offerId: id, ...how }, call) => offers.decline(tx, pack, id, how, call),
    ),
    recordAnswerByTelephone: unary(
      z
        .object({
          offerId,
          answer: yesOrNo,
          declineCode: z.union([field.none, declineCode]),
          spokeWith: codeOf(pack.telephoneFunctions, 'function at the provider'),
          noteId: field.optionalId,
          numberFromDirectory: z.boolean(),
          readBack: z.boolean(),
        })
        .refine((request) => request.answer || request.declineCode !== undefined, {
          path: ['declineCode'],
          message: 'must be given when the answer is no',
        }),
      (tx, { offerId: id, answer: yes, ...telephoneCall }, call) =>
        offers.recordTelephoneAnswer(
          tx,
          pack,
          id,
          { providerAccepts: yes, ...telephoneCall },
          call,
        ),
    ),
    logCallAttempt: unary(
      z.object({ offerId, code: codeOf(pack.callAttemptCodes, 'call attempt code') }),
      (tx, request, call) => offers.logAttempt(tx, pack, request.offerId, request.code, call),
    ),
    getOfferProfile: unary(
      z.object({ offerId, purpose: codeOf(pack.purposes, 'purpose') }),
      (tx, request, call) =>
        offers.profile(
          tx,
          pack,
          request.offerId,
          request.purpose,
          call,
          ({ need, urgency: how, party: people, unitKind }) => ({
            offerId: request.offerId,
            urgency: urgencyOnWire[how],
            unitKind,
            places: people.length,
            group: need.group,
            accessibility: [...need.accessibility],
            languages: [...need.languages],
            care: [...need.care],
            risks: [...need.risks],
            wishes: {
              regions: [...need.wishes.regions],
              languages: [...need.wishes.languages],
              specialisms: [...need.wishes.specialisms],
            },
          }),
        ),
    ),
  };
}

function personCommands(
  pack: CountryPack,
): Pick<Commands, 'recordPersonAnswer' | 'arrangeJourney' | 'recordCollected'> {
  const referralId = field.id;
  return {
    recordPersonAnswer: unary(
      z.object({
        referralId,
        offerId: field.id,
        memberId: field.id,
        answer: yesOrNo,
        code: z.union([field.none, codeOf(pack.personDeclineCodes, 'code of the person')]),
        childViewHeard: z.boolean(),
      }),
      (tx, { referralId: id, answer: yes, ...how }, call) =>
        requests.personAnswered(tx, pack, id, { providerAccepts: yes, ...how }, call),
    ),
    arrangeJourney: unary(
      z.object({ referralId, escortId: field.id, collectAt: field.moment, arriveAt: field.moment }),
      (tx, { referralId: id, ...plan }, call) => requests.arrange(tx, pack, id, plan, call),
    ),
    recordCollected: unary(z.object({ referralId }), (tx, request, call) =>
      requests.collected(tx, pack, request.referralId, call),
    ),
  };
}
