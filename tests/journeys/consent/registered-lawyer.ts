import { randomUUID } from 'node:crypto';
import { call } from '@opennrm/runtime';
import { expect } from 'vitest';
import { eventually, type World } from '../world.ts';
import { noReceivers, openVaultCase, recordPermission } from './consent-details.ts';

/** An organisation that the directory lists with a legal-aid service, without a relation to the person. */
export async function registeredLawyer(world: World) {
  const organisation = world.organisation();
  const staff = await organisation.as('provider-staff');
  const asked = { organisationId: organisation.id, kind: 'non-governmental' };
  await call(world.directory, 'registerOrganisation', asked, staff);
  await call(world.directory, 'registerService', legalAid(organisation.id), staff);
  const { caseId } = await openVaultCase(world);
  const caseworker = await world.responders.as('caseworker');
  const permissionId = await eventually(() =>
    recordPermission(world, caseId, {
      receivers: { ...noReceivers, organisationIds: [organisation.id] },
    }),
  );
  // A receipt names the organisation only after the vault knows its service.
  await eventually(async () => {
    const { recipients } = await call(
      world.consents,
      'getReceipt',
      { caseId, recordId: permissionId },
      caseworker,
    );
    expect(recipients).toEqual([organisation.id]);
  });
  return organisation;
}

const legalAid = (organisationId: string) => ({
  serviceId: randomUUID(),
  organisationId,
  need: 'legal-aid',
  region: 'harbour',
  acceptance: 'by-offer',
  criteria: {
    groups: ['women'],
    smallestParty: 1,
    largestParty: 1,
    accessibility: [],
    languages: ['en'],
    care: [],
    risksNotAccepted: [],
    specialisms: [],
    childLicence: false,
    fundingRequired: false,
  },
  openHours: [],
  nightCover: false,
  openOnHolidays: false,
  promisedAnswerMinutes: 60,
});
