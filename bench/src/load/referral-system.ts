import { randomUUID } from 'node:crypto';
import { UnderEighteen, Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { ReferralServiceClient } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { call, connect } from '@opennrm/runtime';
import type { Target } from './job.ts';
import type { System } from './system.ts';

const DEADLINE_MS = 60_000;

/** The calls of the platform, as a first responder and the staff of a shelter send them. */
export function referralSystem({
  address,
  responders,
  testShelters,
}: Target & { kind: 'platform' }): System {
  const client = connect(ReferralServiceClient, address);
  const tokens = new Map(testShelters.map(({ organisationId, token }) => [organisationId, token]));
  return {
    async request(referralId, nth) {
      const token = responders[nth % responders.length] ?? '';
      const { region = '', language = '' } = testShelters[nth % testShelters.length] ?? {};
      await call(client, 'requestReferral', wish(referralId, region, language), {
        token,
        deadlineMs: DEADLINE_MS,
      });
    },
    async accept({ offer, organisation = '' }) {
      const token = tokens.get(organisation) ?? '';
      await call(client, 'acceptOffer', { offerId: offer }, { token, deadlineMs: DEADLINE_MS });
    },
    close: () => client.close(),
  };
}

const wish = (referralId: string, region: string, language: string) => ({
  referralId,
  urgency: Urgency.EMERGENCY,
  basis: 'vital-interest',
  foundTogetherId: '',
  replacesReferralId: '',
  party: [{ memberId: randomUUID(), caseReference: randomUUID(), underEighteen: UnderEighteen.NO }],
  need: {
    need: 'safe-accommodation',
    group: 'women',
    region,
    whereNow: 'police',
    medicalUrgency: 'none',
    funding: '',
    excludedRegions: [],
    languages: [language],
    accessibility: [],
    care: [],
    risks: [],
    wishes: { regions: [region], languages: [], specialisms: [] },
  },
});
