import { describe, expect, it } from 'vitest';
import { type OverrideAction, override } from './override.ts';
import { mint, service } from './saga.fixture.ts';
import {
  awaitingPerson,
  minutesPass,
  personAnswers,
  providerHolds,
  requestScenario,
  type Scenario,
  statuses,
  when,
  withPermission,
} from './scenario.fixture.ts';

const shelters = Array.from({ length: 6 }, () => service('by-offer'));

describe('an override by the coordinator', () => {
  const decides = (
    scenario: Scenario,
    action: OverrideAction,
    code = 'local-knowledge',
    serviceId?: string,
  ): Scenario => when(scenario, (r, k) => override(r, { action, code, serviceId }, k));
  const unvetted = service('by-offer', { accreditedUntil: undefined });
  const asked = (): Scenario => providerHolds(requestScenario([...shelters, unvetted]));

  it('cannot ask a service that is not accredited', () => {
    expect(decides(asked(), 'ask-service', 'x', unvetted.serviceId).outcome).toBe('not-accredited');
    expect(decides(asked(), 'ask-service', 'x', mint()).outcome).toBe('unknown-service');
    const [first] = asked().referral.offers;
    expect(decides(asked(), 'ask-service', 'x', first?.serviceId).outcome).toBe(
      'service-already-asked',
    );
    const fresh = shelters.find(
      (one) => !asked().referral.offers.some((offer) => offer.serviceId === one.serviceId),
    );
    expect(decides(asked(), 'ask-service', 'x', fresh?.serviceId).types).toEqual([
      'RuleOverridden',
      'ServiceAsked',
    ]);
  });

  it('that restarts the search does not ask again for a place that the person did not want', () => {
    const placed = personAnswers(awaitingPerson(shelters), true);
    expect(statuses(decides(placed, 'restart-search', 'wish-of-the-person'))[0]).toBe(
      'person-declined',
    );
    expect(statuses(decides(placed, 'restart-search'))[0]).toBe('withdrawn');
    expect(decides(asked(), 'restart-search').types.slice(0, 2)).toEqual([
      'RuleOverridden',
      'RoundOpened',
    ]);
  });

  it('is refused before there is a basis, except to end the referral', () => {
    const waiting = requestScenario(shelters, {
      urgency: 'urgent',
      known: [{ ...withPermission(), permissions: [] }],
    });
    expect(decides(waiting, 'restart-search').outcome).toBe('waiting-for-basis');
    expect(decides(waiting, 'end').referral.stage.name).toBe('ended');
    expect(decides(minutesPass(waiting, 2), 'end').outcome).toBe('already-over');
  });

  it('that opens another round leaves the referral unplaced where no service can be asked', () => {
    const unplaced = requestScenario([]);
    expect(decides(unplaced, 'open-another-round').referral.stage).toEqual(unplaced.referral.stage);
  });

  it('that ends the referral releases everything, and no further one is accepted', () => {
    const over = decides(awaitingPerson(shelters), 'end');
    expect(over.referral.offers.filter((offer) => offer.hasHold)).toEqual([]);
    expect(decides(over, 'end').outcome).toBe('already-over');
    expect(decides(awaitingPerson(shelters), 'open-another-round').outcome).toBe('not-searching');
  });

  it('that asks a service by name is accepted while the referral searches or is unplaced, and not where it has a place', () => {
    const named = service('by-offer', { region: 'lakes' });
    const asks = (scenario: Scenario): Scenario =>
      decides(
        { ...scenario, services: [...scenario.services, named] },
        'ask-service',
        'local-knowledge',
        named.serviceId,
      );
    expect(asks(requestScenario([])).types).toEqual(['RuleOverridden', 'ServiceAsked']);
    expect(asks(awaitingPerson(shelters)).outcome).toBe('not-searching');
  });
});

const four = Array.from({ length: 4 }, () => service('by-offer'));

describe('an override that asks a service by name', () => {
  const elsewhere = service('by-offer', { region: 'islands' });
  const forMen = service('by-offer', {
    criteria: { ...elsewhere.criteria, groups: ['men'] },
  });
  const forAdults = service('by-offer', {
    criteria: { ...elsewhere.criteria, childLicence: false },
  });

  it.each([
    ['excluded-area', elsewhere, ['no'] as const],
    ['group-not-accepted', forMen, ['no'] as const],
    ['no-child-licence', forAdults, ['no', 'yes'] as const],
  ])('is refused where a safety rule fails: %s', (refusal, named, party) => {
    const scenario = requestScenario([...four, elsewhere, forMen, forAdults], { party });
    const how = {
      action: 'ask-service',
      code: 'local-knowledge',
      serviceId: named.serviceId,
    } as const;
    expect(when(scenario, (r, k) => override(r, how, k)).outcome).toBe(refusal);
  });
});
