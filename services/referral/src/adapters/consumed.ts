import { type EventOf, topics } from '@opennrm/contracts/topics';
import type { CountryPack } from '@opennrm/country';
import { fromWhenHeard, type Subscription, subscription } from '@opennrm/messaging';
import { instant } from '@opennrm/runtime/decision';
import { bedConfirmed, bedNotAvailable } from '../domain/confirming.ts';
import { arrived, didNotArrive, stayChanged } from '../domain/journey.ts';
import { isForAPlace, withBasis, withRefusal } from '../domain/matching/basis.ts';
import type { UnderEighteen } from '../domain/need.ts';
import { apartOverlap, bedHeld } from '../domain/offering.ts';
import { onCapacityChanged } from '../handlers/on-capacity-changed.ts';
import { onHoldRefused } from '../handlers/on-hold-refused.ts';
import { onShelterWord } from '../handlers/on-shelter-word.ts';
import { onAgeChanged, onVaultWord, onWithdrawal } from '../handlers/on-vault-word.ts';
import { lockReferralsOfPeople, onReferenceRegistered } from '../handlers/referred-twice.ts';
import { lockReferralsOf } from './reads.ts';

const at = (date: Date | undefined) => instant(date?.getTime() ?? 0);

/** What the shelters say, in this service's own words. */
export const fromShelters = (pack: CountryPack): Subscription =>
  subscription(
    topics.shelterCapacityForReferral,
    {
      bedHeld: (tx, { holdId }, meta) =>
        onShelterWord(tx, pack, meta, holdId, (referral, knowing) => bedHeld(referral, holdId, knowing)),
      holdRefused: (tx, { holdId, code }, meta) => onHoldRefused(tx, pack, meta, holdId, code),
      bedConfirmed: (tx, { holdId }, meta) =>
        onShelterWord(tx, pack, meta, holdId, (referral, knowing) => bedConfirmed(referral, holdId, knowing)),
      bedNotAvailable: (tx, { holdId, code }, meta) =>
        onShelterWord(tx, pack, meta, holdId, (referral, knowing) => bedNotAvailable(referral, holdId, code, knowing)),
      arrived: (tx, { holdId, at: when }, meta) =>
        onShelterWord(tx, pack, meta, holdId, (referral, knowing) => arrived(referral, holdId, at(when), knowing)),
      didNotArrive: (tx, { holdId }, meta) =>
        onShelterWord(tx, pack, meta, holdId, (referral, knowing) => didNotArrive(referral, holdId, knowing)),
      stayChanged: (tx, { holdId, code, ended }, meta) =>
        onShelterWord(tx, pack, meta, holdId, (referral, knowing) =>
          stayChanged(referral, holdId, code, ended, knowing),
        ),
      apartOverlapFound: (tx, { holdId }, meta) =>
        onShelterWord(tx, pack, meta, holdId, (referral, knowing) => apartOverlap(referral, holdId, knowing)),
      capacityChanged: (tx, word, meta) =>
        onCapacityChanged(tx, meta, {
          ...{ serviceId: word.serviceId, unitKind: word.unitKind, free: word.free, asOf: meta.now },
          causedByHoldId: word.causedByHoldId || undefined,
        }),
    },
    (tx, events) =>
      lockReferralsOf(
        tx,
        events.flatMap(({ value }) => ('holdId' in value ? value.holdId : [])),
      ),
  );

/** What the vault says of a case, by this service's own reference. */
export const fromVault = (pack: CountryPack): Subscription =>
  subscription(
    topics.caseVaultForReferral,
    {
      referenceRegistered: (tx, registered, meta) => onReferenceRegistered(tx, pack, meta, registered),
      basisRecorded: (tx, { caseReference, validFrom, validUntil, ...basis }, meta) =>
        onVaultWord(tx, pack, meta, caseReference, (known) =>
          withBasis(known, { ...basis, validFrom: fromWhenHeard(at(validFrom), meta), validUntil: at(validUntil) }),
        ),
      limitedBasisRecorded: (tx, { caseReference, validFrom, validUntil, receivers, spoken, ...basis }, meta) =>
        onVaultWord(tx, pack, meta, caseReference, (known) =>
          withBasis(known, {
            ...basis,
            validFrom: fromWhenHeard(at(validFrom), meta),
            validUntil: at(validUntil),
            ...(receivers && { receivers }),
            spoken: spoken.map(({ from, ...who }) => ({ ...who, from: fromWhenHeard(at(from), meta) })),
          }),
        ),
      permissionRefused: (tx, { caseReference, ...no }, meta) =>
        onVaultWord(tx, pack, meta, caseReference, (known) => withRefusal(known, no)),
      permissionGranted: (tx, { caseReference, permissionId, purpose, receivers, validFrom, validUntil }, meta) =>
        onVaultWord(tx, pack, meta, caseReference, (known) => ({
          ...known,
          spoken: known.spoken || isForAPlace(purpose),
          permissions: [
            ...known.permissions.filter((permission) => permission.permissionId !== permissionId),
            {
              permissionId,
              purpose,
              validFrom: fromWhenHeard(at(validFrom), meta),
              validUntil: at(validUntil),
              receivers: receivers ?? {
                excludedRegions: [],
                excludedOrganisationIds: [],
                organisationIds: [],
                serviceClasses: [],
              },
            },
          ],
        })),
      permissionWithdrawn: (tx, withdrawn, meta) => onWithdrawal(tx, pack, meta, withdrawn),
      basisEnded: (tx, { caseReference, basisId }, meta) =>
        onVaultWord(tx, pack, meta, caseReference, (known) => ({
          ...known,
          bases: known.bases.filter((basis) => basis.basisId !== basisId),
        })),
      ageChanged: (tx, { caseReference, underEighteen }, meta) =>
        onAgeChanged(tx, pack, meta, { caseReference, underEighteen: treatedAs(underEighteen) }),
      keepApartSet: (tx, { caseReference, apartId }, meta) =>
        onVaultWord(tx, pack, meta, caseReference, (known) => ({
          ...known,
          apartIds: [...new Set([...known.apartIds, apartId])],
        })),
    },
    async (tx, events) => void (await lockReferralsOfPeople(tx, events.flatMap(casesOf))),
  );

/** A word that is not known here changes nobody: a person looks all the same. */
const treatedAs = (word: string): UnderEighteen | undefined =>
  word === 'yes' || word === 'no' || word === 'unsure' ? word : undefined;

/** The cases that an event is about: the one whose stream it is, and those that turn out to be the same person's. */
const casesOf = ({ $case, value }: EventOf<typeof topics.caseVaultForReferral>): string[] =>
  $case === 'referenceRegistered' ? [value.caseReference, ...value.sameCaseReferences] : [value.caseReference];
