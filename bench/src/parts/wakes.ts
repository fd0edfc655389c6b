import { randomUUID } from 'node:crypto';
import { DirectoryServiceClient } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { UnderEighteen, Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { topics } from '@opennrm/contracts/topics';
import { headersOf, kafkaOnKafkajs, typeOf } from '@opennrm/messaging';
import { call, connect, createLog } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { type SamplePlatform, startSamplePlatform } from '../platform/sample-platform.ts';
import { rowsOf, slopeTo } from '../rows.ts';
import type { Bench } from './part.ts';

const SERVICES = 600;
const UNPLACED = 500;
const ACCREDITORS = '5a000000-0000-4000-8000-00000000000e';
const BATCH = 500;

/**
 * Many capacity changes while referrals have no service left to ask. No freed unit suits any of them, which is the most expensive case.
 */
export async function measureWakes({
  options,
  servers,
  measurements,
  printLine,
}: Bench): Promise<void> {
  const rounds = options.quick ? 5 : 21;
  const samplePlatform = await startSamplePlatform(servers, printLine);
  try {
    const url = samplePlatform.platform.service('referral').ownerUrl;
    const services = await fill(samplePlatform, url);
    const consumed = slopeTo(
      url,
      `SELECT coalesce(sum(last), 0)::int AS count FROM inbox WHERE topic = $1`,
      [topics.shelterCapacityForReferral.name],
      rounds * SERVICES,
    );
    await sendChanges(samplePlatform, services, rounds);
    const { perSecond, seconds } = await consumed;
    const drained = await drainedAfter(url);
    measurements.add({
      part: 'wakes',
      what: `capacity changes consumed, ${SERVICES} services, ${UNPLACED} unplaced`,
      value: perSecond,
      unit: '/s',
      aim: { side: 'at least', limit: 300 },
    });
    measurements.add({
      part: 'wakes',
      what: 'signals drained after the last was consumed',
      value: drained,
      unit: 's',
    });
    printLine(
      `wakes: ${rounds * SERVICES} changes in ${seconds.toFixed(1)} s (${perSecond}/s), drained ${drained.toFixed(1)} s later`,
    );
  } finally {
    await samplePlatform.stop();
  }
}

/**
 * One real service and one real referral for which no service is suitable; the others are copies under other ids. @returns the ids of the
 * services.
 */
async function fill(samplePlatform: SamplePlatform, url: string): Promise<string[]> {
  const directory = connect(
    DirectoryServiceClient,
    samplePlatform.platform.service('referral').grpcAddress,
  );
  const [organisationId, serviceId, referralId] = [randomUUID(), randomUUID(), randomUUID()];
  const token = await samplePlatform.token(organisationId, 'provider-staff');
  await call(
    directory,
    'registerOrganisation',
    { organisationId, kind: 'non-governmental' },
    { token },
  );
  await call(directory, 'registerService', serviceFor(serviceId, organisationId), { token });
  const accreditor = await samplePlatform.token(ACCREDITORS, 'accreditor');
  await call(directory, 'accredit', { serviceId, until: '2027-12-31' }, { token: accreditor });
  directory.close();
  await rowsOf(
    url,
    `INSERT INTO service (id, owner_org, version, generation, state, need, accredited_until)
     SELECT n.id, s.owner_org, 1, s.generation, jsonb_set(s.state, '{serviceId}', to_jsonb(n.id)), s.need, s.accredited_until
     FROM service s, (SELECT gen_random_uuid() AS id FROM generate_series(2, ${SERVICES})) n WHERE s.id = $1`,
    [serviceId],
  );
  await requestOf(samplePlatform, referralId);
  await rowsOf(
    url,
    `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, next_step, next_step_by, need, group_code, party_size, excluded_regions, asked_count)
     SELECT n.id, r.owner_org, 1, r.generation, jsonb_set(r.state, '{referralId}', to_jsonb(n.id)), r.stage, r.urgency, r.requested_at,
       r.next_step, r.next_step_by, r.need, r.group_code, r.party_size, r.excluded_regions, r.asked_count
     FROM referral r, (SELECT gen_random_uuid() AS id FROM generate_series(2, ${UNPLACED})) n WHERE r.id = $1`,
    [referralId],
  );
  const rows = await rowsOf<{ id: string }>(url, 'SELECT id FROM service');
  return rows.map(({ id }) => id);
}

const serviceFor = (serviceId: string, organisationId: string) => ({
  serviceId,
  organisationId,
  need: 'safe-accommodation',
  region: 'harbour',
  criteria: {
    groups: ['women'],
    smallestParty: 1,
    largestParty: 2,
    accessibility: [],
    languages: [],
    care: [],
    risksNotAccepted: [],
    specialisms: [],
    childLicence: true,
    fundingRequired: false,
  },
  acceptance: 'by-offer',
  openHours: [],
  nightCover: true,
  openOnHolidays: true,
  promisedAnswerMinutes: 60,
});

/**
 * A person for whom the services are suitable by need, group, region and size, and by no other rule: so each service is evaluated each
 * time.
 */
async function requestOf(samplePlatform: SamplePlatform, referralId: string): Promise<void> {
  const token = await samplePlatform.token(randomUUID(), 'responder');
  const party = [
    { memberId: randomUUID(), caseReference: randomUUID(), underEighteen: UnderEighteen.NO },
  ];
  const need = {
    need: 'safe-accommodation',
    group: 'women',
    region: 'harbour',
    whereNow: 'police',
    excludedRegions: [],
    languages: [],
    accessibility: ['step-free'],
    care: [],
    risks: [],
    medicalUrgency: '',
    funding: '',
    wishes: undefined,
  };
  const request = {
    referralId,
    urgency: Urgency.EMERGENCY,
    basis: 'vital-interest',
    foundTogetherId: '',
    replacesReferralId: '',
    party,
    need,
  };
  await call(samplePlatform.referral, 'requestReferral', request, { token });
}

/**
 * Each service in turn frees a unit and fills it again. At the end each has a free unit, so that every signal evaluates every referral.
 */
async function sendChanges(
  samplePlatform: SamplePlatform,
  services: readonly string[],
  rounds: number,
): Promise<void> {
  const kafka = kafkaOnKafkajs({
    clientId: 'bench',
    brokers: samplePlatform.platform.kafka.brokers,
    log: createLog('bench', 'silent'),
  });
  const topic = topics.shelterCapacityForReferral;
  for (let round = 1; round <= rounds; round++) {
    const records = services.map((serviceId) => {
      const at = instant(samplePlatform.now());
      const value = {
        serviceId,
        unitKind: 'bed',
        free: round % 2,
        asOf: new Date(at),
        causedByHoldId: '',
      };
      const type = typeOf(topic, 'capacityChanged');
      return {
        topic: topic.name,
        key: serviceId,
        value: topic.encode({ $case: 'capacityChanged', value }),
        headers: headersOf(topic.name, {
          id: randomUUID(),
          type,
          at,
          key: serviceId,
          sequence: round,
          epoch: 1,
        }),
      };
    });
    for (let from = 0; from < records.length; from += BATCH)
      await kafka.send(records.slice(from, from + BATCH));
  }
  await kafka.close();
}

async function drainedAfter(url: string): Promise<number> {
  const began = performance.now();
  for (;;) {
    const [row] = await rowsOf<{ left: number }>(
      url,
      'SELECT count(*)::int AS left FROM availability_signal',
    );
    if (row?.left === 0) return (performance.now() - began) / 1_000;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
