import { randomUUID } from 'node:crypto';
import { DirectoryServiceService } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { Answer } from '@opennrm/contracts/opennrm/referral/v1/offer.ts';
import { ReferralState } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { ReferralServiceService } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { desksOf } from '@opennrm/country';
import { after, minutes } from '@opennrm/runtime/decision';
import { type RowsOf, specifyWhoMayAct } from '@opennrm/testkit';
import { unitHeld } from '../domain/offering.ts';
import { monday, need, pack } from '../domain/saga.fixture.ts';
import { commands } from '../inbound/grpc/commands.ts';
import { directoryRpcs } from '../inbound/grpc/directory.ts';
import { reads } from '../inbound/grpc/reads.ts';
import { watch } from '../inbound/grpc/watch.ts';
import { referralDatabase } from '../outbound/referral-database.fixture.ts';

const at = after(monday, minutes(1));
const later = (count: number) => new Date(after(monday, minutes(count)));
const page = { pageSize: 0, pageToken: '' };
const wire = {
  need: need.need,
  group: need.group,
  region: need.region,
  whereNow: need.whereNow,
  excludedRegions: [],
  languages: [],
  accessibility: [],
  care: [],
  risks: [],
  medicalUrgency: '',
  funding: '',
  wishes: undefined,
};

interface Ids extends Readonly<Record<string, string>> {
  /** With an open offer to the provider. `unplacedId` names a referral without offers, which has an alert. */
  readonly referralId: string;
  readonly unplacedId: string;
  readonly memberId: string;
  /** Of the unplaced referral. */
  readonly caseReference: string;
  readonly offerId: string;
  readonly alertId: string;
  readonly providerId: string;
  readonly serviceId: string;
  readonly newOrganisationId: string;
}

const coordinators = pack.roles.find(({ code }) => code === 'coordinator')?.heldBy?.[0] ?? '';
const byDesk = () => ({ organisation: coordinators, role: 'coordinator' });
const byProvider = ({ providerId: organisation }: Ids) => ({ organisation });

const lists = {
  listReferrals: {
    request: () => ({ ...page, state: ReferralState.UNSPECIFIED }),
    expects: 'empty',
  },
  listAlerts: { request: () => ({ ...page, includeResolved: true }), expects: 'empty' },
  listOpenOffers: { request: () => page, expects: 'empty', by: byProvider },
  watchOpenOffers: { request: () => ({}), expects: 'empty', by: byProvider, endless: true },
  getReferral: { request: ({ referralId }) => ({ referralId }), expects: 'hidden' },
  getDecision: { request: ({ referralId }) => ({ referralId, search: 1 }), expects: 'hidden' },
  getOfferProfile: {
    request: ({ offerId }) => ({ offerId, purpose: 'accommodation' }),
    expects: 'hidden',
    by: byProvider,
  },
} as const satisfies Partial<RowsOf<typeof ReferralServiceService, Ids>>;

const rows: RowsOf<typeof ReferralServiceService, Ids> = {
  ...lists,
  requestReferral: {
    request: ({ unplacedId, caseReference }) => ({
      referralId: randomUUID(),
      urgency: Urgency.EMERGENCY,
      need: wire,
      party: [{ memberId: randomUUID(), caseReference, underEighteen: 1 }],
      basis: 'vital-interest',
      foundTogetherId: '',
      replacesReferralId: unplacedId,
    }),
    expects: 'hidden',
  },
  amendNeed: { request: ({ referralId }) => ({ referralId, need: wire }), expects: 'hidden' },
  logCallAttempt: {
    request: ({ offerId }) => ({ offerId, code: pack.callAttemptCodes[0]?.code ?? '' }),
    expects: 'hidden',
  },
  recordAnswerByTelephone: {
    request: ({ offerId }) => ({
      offerId,
      answer: Answer.YES,
      declineCode: '',
      spokeWith: pack.telephoneFunctions[0]?.code ?? '',
      numberFromDirectory: true,
      readBack: true,
      noteId: '',
    }),
    expects: 'hidden',
  },
  acceptOffer: { request: ({ offerId }) => ({ offerId }), expects: 'hidden', by: byProvider },
  declineOffer: {
    request: ({ offerId }) => ({ offerId, code: 'full', noteId: '' }),
    expects: 'hidden',
    by: byProvider,
  },
  recordPersonAnswer: {
    request: ({ referralId, memberId, offerId }) => ({
      referralId,
      memberId,
      offerId,
      answer: Answer.YES,
      code: '',
      childViewHeard: false,
    }),
    expects: 'hidden',
  },
  arrangeJourney: {
    request: ({ referralId }) => ({
      referralId,
      escortId: randomUUID(),
      collectAt: later(60),
      arriveAt: later(90),
    }),
    expects: 'hidden',
  },
  recordCollected: {
    request: ({ referralId }) => ({ referralId }),
    expects: 'hidden',
    by: byDesk,
  },
  acknowledgeAlert: { request: ({ alertId }) => ({ alertId }), expects: 'hidden', by: byDesk },
  resolveAlert: { request: ({ alertId }) => ({ alertId }), expects: 'hidden', by: byDesk },
  confirmEmergency: {
    request: ({ referralId }) => ({ referralId }),
    expects: 'hidden',
    by: byDesk,
  },
  override: {
    request: ({ referralId }) => ({
      referralId,
      action: 'end',
      code: pack.overrideCodes[0]?.code ?? '',
      serviceId: '',
    }),
    expects: 'hidden',
    by: byDesk,
  },
  withdrawReferral: {
    request: ({ referralId }) => ({ referralId, memberId: '', code: 'own-wish' }),
    expects: 'hidden',
  },
};

const entry = (organisationId: string) => ({
  serviceId: randomUUID(),
  organisationId,
  need: need.need,
  region: need.region,
  criteria: {
    groups: [need.group],
    smallestParty: 1,
    largestParty: 1,
    accessibility: [],
    languages: [],
    care: [],
    risksNotAccepted: [],
    specialisms: [],
    childLicence: false,
    fundingRequired: false,
  },
  acceptance: 'by-offer',
  openHours: [],
  nightCover: true,
  openOnHolidays: false,
  promisedAnswerMinutes: 60,
});

const directoryRows = {
  registerOrganisation: {
    request: ({ newOrganisationId }: Ids) => ({
      organisationId: newOrganisationId,
      kind: 'private',
    }),
    also: [({ providerId }: Ids) => ({ organisationId: providerId, kind: 'private' })],
    expects: 'hidden',
    by: ({ newOrganisationId: organisation }: Ids) => ({ organisation, role: 'provider-staff' }),
  },
  registerService: {
    request: ({ providerId }: Ids) => entry(providerId),
    expects: 'hidden',
    by: byProvider,
  },
} as const;

specifyWhoMayAct<Ids>({
  roles: pack.roles,
  rows: { ...rows, ...directoryRows },
  openToIdHolders: {
    getService: 'the directory of providers is open to every actor of the country',
    listServices: 'the directory of providers is open to every actor of the country',
    accredit:
      'the existence of a service is public: the refusal is desk-not-held (accreditation-desk.spec)',
    suspend:
      'the existence of a service is public: the refusal is desk-not-held (accreditation-desk.spec)',
  },
  async prepare() {
    const world = await referralDatabase();
    const { referralId: unplacedId, call } = await world.requestEmergency();
    const [alert] = (await world.stateOf(unplacedId)).alerts;
    const offered = async (id: string): Promise<string> => {
      const offerId = (await world.stateOf(id)).offers[0]?.offerId ?? '';
      await world.applyDecision(id, monday, (referral, knowledge) =>
        unitHeld(referral, offerId, knowledge),
      );
      return offerId;
    };
    const [theirs] = await world.setShelters(1);
    await offered((await world.requestEmergency()).referralId);
    const [shelter] = await world.setShelters(1);
    const { referralId } = await world.requestEmergency(monday, 1, { call });
    const offerId = await offered(referralId);
    const [member] = (await world.stateOf(referralId)).party;
    const [waiting] = (await world.stateOf(unplacedId)).party;
    const { database, contents, drop } = world;
    return {
      database,
      contents,
      drop,
      now: at,
      desks: desksOf(pack),
      owner: call.actor.organisation,
      neighbour: theirs?.organisationId ?? '',
      definitions: [ReferralServiceService, DirectoryServiceService],
      join: (server) =>
        server
          .add(ReferralServiceService, { ...commands(pack), ...reads, ...watch(database) })
          .add(DirectoryServiceService, directoryRpcs(pack)),
      ids: {
        referralId,
        unplacedId,
        memberId: member?.memberId ?? '',
        caseReference: waiting?.caseReference ?? '',
        offerId,
        alertId: alert?.alertId ?? '',
        providerId: shelter?.organisationId ?? '',
        serviceId: shelter?.serviceId ?? '',
        newOrganisationId: randomUUID(),
      },
    };
  },
});
