import { randomUUID } from 'node:crypto';
import { type EventOf, type TopicOf, topics } from '@opennrm/contracts/topics';
import { loadCountryPack } from '@opennrm/country/load';
import { type Subscription, typeOf } from '@opennrm/messaging';
import { instant } from '@opennrm/runtime/decision';
import { fromReferral as vaultFromReferral } from '../../../services/case-vault/src/inbound/consumed.ts';
import { fromVault } from '../../../services/identification-intake/src/inbound/consumed.ts';
import { fromReferral as shelterFromReferral } from '../../../services/shelter-capacity/src/inbound/consumed.ts';
import type { ServiceUnderTest } from './services.ts';

const NOON = instant(Date.UTC(2026, 2, 2, 12));

const pack = await loadCountryPack('infra/countries/sample');

/** Applies events of other services before the calls begin. Without them most calls would be refused as not known yet. */
export async function applyPriorEvents(
  service: ServiceUnderTest,
  ids: readonly string[],
): Promise<void> {
  const [first = '', second = '', third = '', ...others] = ids;
  const applyEvent = eventApplier(service);
  if (service.name === 'shelter-capacity')
    for (const [nth, serviceId] of ids.entries()) {
      const organisationId = [first, second, third][nth % 3] ?? first;
      await applyEvent(shelterFromReferral, topics.referralForShelterCapacity, {
        $case: 'serviceRegistered',
        value: { serviceId, organisationId },
      });
    }
  if (service.name === 'identification-intake')
    for (const caseReference of ids)
      await applyEvent(fromVault, topics.caseVaultForIdentificationIntake, {
        $case: 'referenceRegistered',
        value: { caseReference },
      });
  if (service.name === 'case-vault')
    for (const organisationId of [first, second, third, ...others])
      await applyEvent(vaultFromReferral(pack), topics.referralForCaseVault, {
        $case: 'organisationRegistered',
        value: { organisationId, kind: 'non-governmental' },
      });
}

const eventApplier =
  ({ database }: ServiceUnderTest) =>
  async <Event extends { readonly $case: string }>(
    from: Subscription,
    topic: TopicOf<Event>,
    event: EventOf<TopicOf<Event>>,
  ): Promise<void> => {
    const apply = from.read(typeOf(topic, event.$case), topic.encode(event));
    if (!apply) throw new Error(`the service does not subscribe to ${event.$case}`);
    const meta = {
      id: randomUUID(),
      key: randomUUID(),
      sequence: 1,
      epoch: 1,
      at: NOON,
      now: NOON,
    };
    await database.transaction((tx) => apply(tx, meta));
  };
