import { topics } from '@opennrm/contracts/topics';
import { effectiveFrom, type Subscription, subscription } from '@opennrm/messaging';
import { instant } from '@opennrm/runtime/decision';
import {
  acknowledge,
  draftsLosingPermission,
  endPermission,
  rememberPermission,
  saveDenial,
} from '../outbound/permissions.ts';
import { rememberReference } from '../outbound/references.ts';

/** Handles the vault's events about a person, by this service's own reference. */
export const fromVault: Subscription = subscription(topics.caseVaultForIdentificationIntake, {
  async referenceRegistered(tx, { caseReference }) {
    await rememberReference(tx, caseReference);
  },
  async permissionGranted(tx, { validFrom, validUntil, ...granted }, meta) {
    await rememberPermission(tx, {
      ...granted,
      validFrom: effectiveFrom(instant(validFrom?.getTime() ?? meta.at), meta),
      validUntil: validUntil?.getTime() ?? meta.at,
    });
  },
  async permissionWithdrawn(tx, withdrawn, meta) {
    await rememberReference(tx, withdrawn.caseReference);
    const closed = await draftsLosingPermission(tx, withdrawn, meta.now);
    await endPermission(tx, withdrawn);
    if (meta.rebuild === undefined) acknowledge(tx, { ...withdrawn, closed }, meta);
  },
  async denialRecorded(tx, refused) {
    await saveDenial(tx, refused);
  },
});
