import { randomUUID } from 'node:crypto';
import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import { IdentificationAge } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import type { IdentificationState } from '@opennrm/contracts/opennrm/identification_intake/v1/identification_state.ts';
import { call } from '@opennrm/runtime';
import { recordPermission as givesPermission, noReceivers } from '../consent/consent-details.ts';
import { eventually, type Organisation } from '../world.ts';
import type { Identified, TestCountry } from './country.ts';
import { fillForm } from './form.ts';

/** Permission that an authority may read the file for its decision. */
export async function recordPermission(
  { world }: TestCountry,
  caseId: string,
  authority: Organisation,
): Promise<string> {
  return givesPermission(world, caseId, {
    purpose: 'identification-decision',
    sections: ['identity', 'story'],
    receivers: { ...noReceivers, organisationIds: [authority.id] },
  });
}

/** A killed service hears of new cases again when Kafka has given it its partitions. */
const REBALANCE_MS = 60_000;

/** A case that is open, and the reference by which this service knows it. */
export async function openVaultCase({
  world,
}: TestCountry): Promise<Pick<Identified, 'caseId' | 'caseReference'>> {
  const caseId = randomUUID();
  const opening = { caseId, services: ['identification-intake'], need: 'safe-accommodation' };
  const { references } = await call(
    world.vault,
    'openCase',
    opening,
    await world.responders.as('responder'),
  );
  return { caseId, caseReference: references[0]?.reference ?? '' };
}

/** A case, and a referral to the authority that is drafted. */
export async function draftCase(
  country: TestCountry,
  authority = country.authority,
): Promise<Identified> {
  const { world, client } = country;
  const processId = randomUUID();
  const responder = await world.responders.as('responder');
  const { caseId, caseReference } = await openVaultCase(country);
  const beginning = {
    processId,
    caseReference,
    authorityId: authority.id,
    age: IdentificationAge.ADULT,
  };
  const { markerId } = await call(client, 'beginIdentification', beginning, {
    ...responder,
    deadlineMs: REBALANCE_MS,
  });
  return { caseId, caseReference, processId, markerId };
}

/** Referred with the person's permission, not taken up yet. */
export async function submitCase(country: TestCountry): Promise<Identified> {
  const { world, client, authority } = country;
  const person = await draftCase(country);
  const { processId } = person;
  await recordPermission(country, person.caseId, authority);
  await fillForm(country, person);
  await eventually(async () =>
    call(
      client,
      'submitIdentification',
      { processId, personInformedOfPowers: false },
      await world.responders.as('responder'),
    ),
  );
  return person;
}

/** Referred with the person's permission, and taken up by the authority. */
export async function referCase(country: TestCountry): Promise<Identified> {
  const person = await submitCase(country);
  const officer = await country.authority.as('competent-authority');
  await call(country.client, 'takeUpIdentification', { processId: person.processId }, officer);
  return person;
}

const REASONS = {
  [Outcome.POSITIVE]: 'indicators-present',
  [Outcome.NEGATIVE]: 'threshold-not-met',
  [Outcome.DISQUALIFIED]: 'public-order',
} as const;

/** Decided by one person: only proposed where the country asks for a second. */
export async function decideByOne(
  { client, authority }: TestCountry,
  { processId }: Identified,
  outcome: keyof typeof REASONS,
  person = authority.personOf('competent-authority'),
): Promise<{
  readonly state: IdentificationState | undefined;
  readonly proposed: boolean;
  readonly decisionId: string;
}> {
  const decisionId = randomUUID();
  const verdict = { processId, decisionId, outcome, reasons: [REASONS[outcome]] };
  const officer = await authority.as('competent-authority', person);
  return {
    ...(await call(
      client,
      'decide',
      { ...verdict, evidence: [randomUUID()], noteId: '' },
      officer,
    )),
    decisionId,
  };
}

/** Decided, and confirmed by a second person where the country asks for one. */
export async function decideCase(
  country: TestCountry,
  person: Identified,
  outcome: keyof typeof REASONS,
  people: readonly [string, string] = [
    country.authority.personOf('competent-authority'),
    randomUUID(),
  ],
): Promise<IdentificationState | undefined> {
  const { client, authority } = country;
  const { processId } = person;
  const [first, second] = people;
  const given = await decideByOne(country, person, outcome, first);
  if (!given.proposed) return given.state;
  const confirming = { processId, returnedBecause: '', decisionId: given.decisionId };
  const confirmed = await call(
    client,
    'confirmDecision',
    confirming,
    await authority.as('competent-authority', second),
  );
  return confirmed.state;
}

/** Where it stands, read by those who decide, or by another. */
export async function statusOf(
  country: TestCountry,
  { processId }: Identified,
  reader?: { readonly token: string },
): Promise<IdentificationState> {
  const { state: now } = await call(
    country.client,
    'getIdentification',
    { processId, purpose: 'identification-decision' },
    reader ?? (await country.authority.as('competent-authority')),
  );
  if (!now) throw new Error('no standing');
  return now;
}

export const deadlineOf = (now: IdentificationState | undefined, code: string) =>
  now?.deadlines.find((one) => one.code === code);
