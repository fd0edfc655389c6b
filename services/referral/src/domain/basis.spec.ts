import { hours, after as later } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { declineOffer, readProfile } from './answers.ts';
import { countWithdrawn, reviewBasis } from './basis.ts';
import {
  acceptedRequestBasis,
  type CaseBasis,
  type LegalBasis,
  withBasis,
  withDenial,
} from './matching/basis.ts';
import type { Offer } from './offer.ts';
import { override } from './override.ts';
import { monday, service } from './saga.fixture.ts';
import {
  asMap,
  offerIdOf,
  providerAccepts,
  providerConfirms,
  providerHolds,
  requestScenario,
  type Scenario,
  statuses,
  when,
  withPermission,
} from './scenario.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));
const excluding = (organisationId: string): CaseBasis => {
  const known = withPermission();
  const rule = { excludedOrganisationIds: [organisationId] };
  const permissions = known.permissions.map((one) => ({
    ...one,
    receivers: { ...one.receivers, ...rule },
  }));
  return { ...known, permissions };
};
const recorded = (code: string, hoursLong: number): CaseBasis => ({
  ...withPermission(),
  permissions: [],
  bases: [
    {
      basisId: 'b',
      code,
      purpose: 'accommodation',
      validFrom: monday,
      validUntil: later(monday, hours(hoursLong)),
    },
  ],
});
const nobody: CaseBasis = { ...withPermission(), permissions: [] };

const on = (known: CaseBasis): Scenario =>
  requestScenario(shelters, { urgency: 'urgent', known: [known] });
/** The vault's records changed without an event: a permission ended by time, or a stream cannot be read. */
const withUnreportedBasis = (scenario: Scenario, known: CaseBasis): Scenario => ({
  ...scenario,
  bases: asMap([known]),
});
const afterVaultEvent = (scenario: Scenario, known: CaseBasis): Scenario =>
  when(withUnreportedBasis(scenario, known), reviewBasis);
const names = (scenario: Scenario, serviceId: string | undefined): Scenario =>
  when(scenario, (r, k) =>
    override(r, { action: 'ask-service', code: 'local-knowledge', serviceId }, k),
  );
const reads = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) =>
    readProfile(r, offerIdOf(scenario), { person: 'somebody', purpose: 'accommodation' }, k),
  );

it('the acknowledgement of a withdrawal counts only the withdrawn offers and lost units', () => {
  const asked = providerHolds(
    requestScenario(shelters, { urgency: 'urgent', known: [withPermission()] }),
  );
  const afterEvent = (scenario: Scenario, known: CaseBasis): Scenario =>
    when({ ...scenario, bases: asMap([known]) }, reviewBasis);
  const nobody = { ...withPermission(), permissions: [] };
  const withdrawn = afterEvent(asked, nobody);
  expect(withdrawn.types).toEqual(['OfferWithdrawn', 'BasisLost', 'AlertRaised']);
  expect(countWithdrawn(withdrawn.events)).toBe(1);
  const lost = afterEvent(
    providerAccepts(asked),
    excluding(asked.referral.offers[0]?.organisationId ?? ''),
  );
  expect(lost.types).toEqual(expect.arrayContaining(['UnitLost', 'ServiceAsked']));
  expect(countWithdrawn(lost.events)).toBe(1);
  expect(countWithdrawn(afterEvent(providerConfirms(providerAccepts(asked)), nobody).events)).toBe(
    0,
  );
});

describe('a service that the permission excludes', () => {
  it('is not asked, also when a coordinator names it', () => {
    const [first, ...others] = shelters;
    const asked = on(excluding(first?.organisationId ?? ''));
    expect(asked.referral.offers.map((offer) => offer.serviceId)).not.toContain(first?.serviceId);
    expect(names(asked, first?.serviceId).outcome).toBe('not-covered-by-basis');
    const free = others.find(
      (one) => !asked.referral.offers.some((offer) => offer.serviceId === one.serviceId),
    );
    expect(names(asked, free?.serviceId).types).toEqual(['RuleOverridden', 'ServiceAsked']);
  });
});

describe('a permission that ended, or cannot be read, while a bed was being held', () => {
  it('leads to no offer: the hold is released, and an alert states that no service is left', () => {
    const late = providerHolds(withUnreportedBasis(on(withPermission()), nobody));
    expect(late.types).toEqual([
      'OfferSetAside',
      'SearchDecided',
      'ReferralUnplaced',
      'AlertRaised',
    ]);
    expect(statuses(late)).toEqual(['set-aside']);
  });

  it('has the next service asked, where the permission still covers one', () => {
    const asked = on(withPermission());
    const narrowed = providerHolds(
      withUnreportedBasis(asked, excluding(asked.referral.offers[0]?.organisationId ?? '')),
    );
    expect(narrowed.types).toEqual(['OfferSetAside', 'SearchDecided', 'ServiceAsked']);
  });

  it('lets nobody read the profile', () => {
    const open = providerHolds(on(withPermission()));
    expect(reads(open).types).toEqual(['ProfileRead']);
    expect(reads(withUnreportedBasis(open, nobody)).outcome).toBe('not-found');
  });
});

describe('a legal basis that the vault recorded', () => {
  it('is lost when it ends, whatever its code: only the code of an emergency request suffices by itself', () => {
    for (const code of ['public-task', 'vital-interest']) {
      const asked = providerHolds(on(recorded(code, 1)));
      expect(asked.types).toEqual(['OfferMade']);
      const ended = afterVaultEvent(asked, recorded(code, 0));
      expect(ended.types, code).toEqual(['OfferWithdrawn', 'BasisLost', 'AlertRaised']);
    }
  });
});

describe('a legal basis that covers some receivers only', () => {
  const [first = '', second = ''] = shelters.map(({ organisationId }): string => organisationId);
  const limited = (limits: Partial<LegalBasis>): CaseBasis => {
    const { bases, ...known } = recorded('duty-of-care', 24);
    return { ...known, bases: bases.map((basis) => ({ ...basis, ...limits })) };
  };
  const asked = (known: CaseBasis) =>
    on(known).referral.offers.map(({ organisationId }) => organisationId);

  it('does not let an organisation be asked that the earlier permission excluded', () => {
    const receivers = {
      excludedRegions: [],
      excludedOrganisationIds: [first],
      organisationIds: [],
      serviceClasses: ['safe-accommodation'],
    };
    expect(asked(limited({ receivers }))).not.toContain(first);
    expect(asked(limited({ receivers: { ...receivers, serviceClasses: ['legal-aid'] } }))).toEqual(
      [],
    );
  });

  it('does not cover the receivers about whom the person decided, from the time at which that decision is valid', () => {
    const afterVaultEvent = (hoursOn: number) => [
      { organisationIds: [first], serviceClasses: [], from: later(monday, hours(hoursOn)) },
    ];
    expect(asked(limited({ ownChoices: afterVaultEvent(0) }))).not.toContain(first);
    expect(asked(limited({ ownChoices: afterVaultEvent(1) }))).toContain(first);
  });

  it('does not let an organisation be asked that a denial names, until the person permits it', () => {
    const refused = withDenial(recorded('public-task', 24), no([first, second]));
    expect(asked(refused)).not.toContain(first);
    expect(asked(refused)).not.toContain(second);
    expect(asked({ ...refused, permissions: withPermission().permissions })).toContain(first);
  });
});

const no = (organisationIds: readonly string[]) => ({
  denialId: 'n',
  purpose: 'accommodation',
  organisationIds,
  serviceClasses: [],
});

it('a denial replaces the denial with the same id, and no other', () => {
  const again = { ...no(['them']), organisationIds: ['others'] };
  const other = { ...no(['somebody']), denialId: 'another' };
  const known = [no(['them']), other, again].reduce(withDenial, nobody);
  expect(known.denials).toEqual([other, again]);
});

it('a withdrawal withdraws an offer that is being confirmed, and leaves an ended offer unchanged', () => {
  const two = providerHolds(
    providerHolds(
      requestScenario(shelters, { known: [withPermission()], basis: 'vital-interest' }),
    ),
    1,
  );
  const declined = when(two, (r, k) =>
    declineOffer(r, offerIdOf(two), { code: 'full', noteId: undefined }, k),
  );
  expect(statuses(afterVaultEvent(providerAccepts(declined, 1), nobody)).slice(0, 2)).toEqual([
    'declined',
    'withdrawn',
  ]);
});

it('a basis that is found again does not change a confirmed place', () => {
  const confirmed = providerConfirms(providerAccepts(providerHolds(on(withPermission()))));
  const found = afterVaultEvent(afterVaultEvent(confirmed, nobody), withPermission());
  expect(found.types).toContain('BasisFound');
  expect(found.referral.stage.name).toBe('awaiting-person');
});

it('a withdrawal after the end of the referral changes nothing', () => {
  const over = when(on(withPermission()), (r, k) =>
    withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
  );
  expect(afterVaultEvent(over, nobody).outcome).toBe('nothing-changes');
});

it('a party is registered when the vault knows the reference of every member', () => {
  const party = requestScenario(shelters, { party: ['no', 'no'] });
  const half = when({ ...party, bases: asMap([withPermission(0)]) }, reviewBasis);
  expect(half.referral.registered).toBe(false);
  const both = when({ ...half, bases: asMap([withPermission(0), withPermission(1)]) }, reviewBasis);
  expect(both.referral.registered).toBe(true);
});

describe('a denial while an emergency searches on its request basis', () => {
  const unknown: CaseBasis = { ...withPermission(), permissions: [], decidedPurposes: [] };

  it('withdraws the offers to receivers that it names, and the next service is asked', () => {
    const asked = providerHolds(requestScenario(shelters));
    const { organisationId, status } = asked.referral.offers[0] ?? {};
    expect(status).toBe('open');
    const after = afterVaultEvent(asked, withDenial(unknown, no([organisationId ?? ''])));
    expect(after.types).toEqual([
      'ReferenceRegistered',
      'OfferWithdrawn',
      'SearchDecided',
      'ServiceAsked',
    ]);
    expect(after.referral.basis).toBe('vital-interest');
  });

  it('never releases a confirmed place', () => {
    const placed = providerConfirms(providerAccepts(providerHolds(requestScenario(shelters))));
    const [{ organisationId, status } = {}] = placed.referral.offers as readonly Partial<Offer>[];
    const after = afterVaultEvent(placed, withDenial(unknown, no([organisationId ?? ''])));
    expect(after.referral.stage).toEqual(placed.referral.stage);
    expect(statuses(after)[0]).toBe(status);
  });
});

describe('what the vault has decided about placement', () => {
  const silent: CaseBasis = { ...withPermission(), permissions: [], decidedPurposes: [] };
  const basis = (purpose: string): LegalBasis => ({
    basisId: purpose,
    code: 'public-task',
    purpose,
    validFrom: monday,
    validUntil: later(monday, hours(1)),
  });

  it('replaces a basis that is announced again under its id, and no other', () => {
    const [one, other] = [basis('accommodation'), basis('legal-aid')];
    const again = { ...one, code: 'vital-interest' };
    expect([one, other, again].reduce(withBasis, silent).bases).toEqual([other, again]);
  });

  it('replaces the request basis from the first basis for a purpose of the need on; a basis for another purpose does not', () => {
    const accepted = (...purposes: readonly string[]) =>
      acceptedRequestBasis(
        { requestBasis: 'vital-interest', purposes: ['accommodation', 'immediate-protection'] },
        purposes.map(basis).reduce(withBasis, silent),
      );
    expect(accepted()).toBe('vital-interest');
    expect(accepted('legal-aid')).toBe('vital-interest');
    expect(accepted('immediate-protection')).toBeUndefined();
    expect(accepted('accommodation', 'legal-aid')).toBeUndefined();
  });
});
