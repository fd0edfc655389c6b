import { topics } from '@opennrm/contracts/topics';
import { type Subscription, subscription } from '@opennrm/messaging';
import { rememberReference } from './references.ts';

/** What the vault says of a person, by this service's own reference. */
export const fromVault: Subscription = subscription(topics.caseVaultForIdentificationIntake, {
  async referenceRegistered(tx, { caseReference }) {
    await rememberReference(tx, caseReference, false);
  },
  async permissionWithdrawn(tx, { caseReference }) {
    await rememberReference(tx, caseReference, true);
  },
});
