import { type EventOf, providerTopics, type TopicOf, topics } from '@opennrm/contracts/topics';
import type { CountryPack } from '@opennrm/country';
import { effectiveFrom, type Meta, type Subscription, subscription } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { isUuid } from '@opennrm/runtime/id';
import type { Decide } from '../domain/decide.ts';
import { type RecordedAge, withBasis, withDecided, withDenial } from '../domain/matching/basis.ts';
import { holdDecisions } from '../handlers/hold-decisions.ts';
import { onCapacityChanged } from '../handlers/on-capacity-changed.ts';
import { onHoldEvent } from '../handlers/on-hold-event.ts';
import { onHoldRefused } from '../handlers/on-hold-refused.ts';
import { onAgeChanged, onPermissionWithdrawn, onVaultEvent } from '../handlers/on-vault-event.ts';
import { lockForVaultEvents, onReferenceRegistered } from '../handlers/referred-twice.ts';
import { replaceCaseBasis } from '../outbound/case-bases.ts';
import { schedulePersonReview } from '../outbound/person-reviews.ts';
import type { FromProvider } from '../outbound/provider-messages.ts';
import { lockReferralsOf } from '../outbound/reads.ts';

const at = (date: Date | undefined) => instant(date?.getTime() ?? 0);

/** The events of each provider service, translated to decisions of this service. */
export const providerSubscriptions = (pack: CountryPack): Subscription[] =>
  Object.values(providerTopics).map(({ fromProvider }) => providerSubscription(pack, fromProvider));

const providerSubscription = (pack: CountryPack, topic: TopicOf<FromProvider>): Subscription => {
  const about =
    <Value extends { readonly holdId: string }>(decisionFor: (value: Value) => Decide) =>
    (tx: Transaction, value: Value, meta: Meta) =>
      onHoldEvent(tx, pack, meta, value.holdId, decisionFor(value));
  return subscription(
    topic,
    {
      unitHeld: about(holdDecisions.unitHeld),
      holdRefused: (tx, { holdId, code }, meta) => onHoldRefused(tx, pack, meta, holdId, code),
      unitConfirmed: about(holdDecisions.unitConfirmed),
      unitUnavailable: about(holdDecisions.unitUnavailable),
      appointmentAgreed: about(holdDecisions.appointmentAgreed),
      serviceStarted: about(holdDecisions.serviceStarted),
      didNotStart: about(holdDecisions.didNotStart),
      serviceChanged: about(holdDecisions.serviceChanged),
      holdNeedsReview: about(holdDecisions.holdNeedsReview),
      capacityChanged: (tx, report, meta) =>
        onCapacityChanged(tx, meta, {
          serviceId: report.serviceId,
          unitKind: report.unitKind,
          free: report.free,
          asOf: meta.now,
          causedByHoldId: report.causedByHoldId || undefined,
        }),
    },
    {
      lockFirst: (tx, events) =>
        lockReferralsOf(
          tx,
          events.flatMap(({ value }) => ('holdId' in value ? value.holdId : [])),
        ),
    },
  );
};

/** The events of the vault about a case, by this service's own reference. */
export const vaultSubscription = (pack: CountryPack): Subscription =>
  subscription(
    topics.caseVaultForReferral,
    {
      referenceRegistered: (tx, registered, meta) =>
        onReferenceRegistered(tx, pack, meta, registered),
      basisRecorded: (tx, { caseReference, validFrom, validUntil, ...basis }, meta) =>
        onVaultEvent(tx, pack, meta, caseReference, (known) =>
          withBasis(known, {
            ...basis,
            validFrom: effectiveFrom(at(validFrom), meta),
            validUntil: at(validUntil),
          }),
        ),
      limitedBasisRecorded: (
        tx,
        { caseReference, validFrom, validUntil, receivers, ownChoices, ...basis },
        meta,
      ) =>
        onVaultEvent(tx, pack, meta, caseReference, (known) =>
          withBasis(known, {
            ...basis,
            validFrom: effectiveFrom(at(validFrom), meta),
            validUntil: at(validUntil),
            ...(receivers && { receivers }),
            ownChoices: ownChoices.map(({ from, ...who }) => ({
              ...who,
              from: effectiveFrom(at(from), meta),
            })),
          }),
        ),
      denialRecorded: (tx, { caseReference, ...denial }, meta) =>
        onVaultEvent(tx, pack, meta, caseReference, (known) => withDenial(known, denial)),
      permissionGranted: (
        tx,
        { caseReference, permissionId, purpose, receivers, validFrom, validUntil },
        meta,
      ) =>
        onVaultEvent(tx, pack, meta, caseReference, (known) => ({
          ...withDecided(known, purpose),
          permissions: [
            ...known.permissions.filter((permission) => permission.permissionId !== permissionId),
            {
              permissionId,
              purpose,
              validFrom: effectiveFrom(at(validFrom), meta),
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
      permissionWithdrawn: (tx, withdrawn, meta) =>
        onPermissionWithdrawn(tx, pack, meta, withdrawn),
      basisEnded: (tx, { caseReference, basisId }, meta) =>
        onVaultEvent(tx, pack, meta, caseReference, (known) => ({
          ...known,
          bases: known.bases.filter((basis) => basis.basisId !== basisId),
        })),
      ageChanged: (tx, { caseReference, ...announced }, meta) =>
        onAgeChanged(tx, pack, meta, { caseReference, recorded: recordedAge(announced, meta) }),
      keepApartSet: (tx, { caseReference, apartId }, meta) =>
        onVaultEvent(tx, pack, meta, caseReference, (known) => ({
          ...known,
          apartIds: [...new Set([...known.apartIds, apartId])],
        })),
    },
    {
      lockFirst: (tx, events) => lockForVaultEvents(tx, events.flatMap(casesOf)),
      onQuarantine: scheduleReviewOf,
      onRebuilt: async (tx, key, now) => {
        if (!isUuid(key)) return;
        await replaceCaseBasis(tx, key);
        await schedulePersonReview(tx, [key], now);
      },
    },
  );

/** A key that is no case reference is nobody's. */
async function scheduleReviewOf(tx: Transaction, key: string, now: Instant): Promise<void> {
  if (isUuid(key)) await schedulePersonReview(tx, [key], now);
}

/** Empty: the recorded age does not change, and an alert is raised all the same. A value that this version does not know is a doubt. */
function recordedAge(
  {
    underEighteen,
    recordedAt,
  }: { readonly underEighteen: string; readonly recordedAt: Date | undefined },
  meta: Meta,
): RecordedAge | undefined {
  if (underEighteen === '') return undefined;
  const isCertain = underEighteen === 'yes' || underEighteen === 'no';
  return {
    underEighteen: isCertain ? underEighteen : 'unsure',
    at: instant(recordedAt?.getTime() ?? meta.at),
  };
}

/** The cases that an event is about: the case of its stream, and the cases that it names as the same person's. */
const casesOf = ({ $case, value }: EventOf<typeof topics.caseVaultForReferral>): string[] =>
  $case === 'referenceRegistered'
    ? [value.caseReference, ...value.sameCaseReferences]
    : [value.caseReference];
