import { hours, after as later } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { declineOffer, readProfile } from './answers.ts';
import { closedBy, vaultSpoke } from './basis.ts';
import { type CaseBasis, type LegalBasis, withBasis, withRefusal } from './matching/basis.ts';
import type { Offer } from './offer.ts';
import { override } from './override.ts';
import { monday, service } from './saga.fixture.ts';
import { asMap, begin, held, id, permitted, promised, statuses, type Walk, when, yes } from './walk.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));
const excluding = (organisationId: string): CaseBasis => {
  const known = permitted();
  const rule = { excludedOrganisationIds: [organisationId] };
  const permissions = known.permissions.map((one) => ({ ...one, receivers: { ...one.receivers, ...rule } }));
  return { ...known, permissions };
};
const recorded = (code: string, hoursLong: number): CaseBasis => ({
  ...{ ...permitted(), permissions: [] },
  bases: [
    {
      ...{ basisId: 'b', code, purpose: 'accommodation' },
      ...{ validFrom: monday, validUntil: later(monday, hours(hoursLong)) },
    },
  ],
});
const nobody: CaseBasis = { ...permitted(), permissions: [] };

const on = (known: CaseBasis): Walk => begin(shelters, { urgency: 'urgent', known: [known] });
/** What is known changed, and the referral was told nothing: a permission that ended by time, or a stream that cannot be read. */
const unheard = (walk: Walk, known: CaseBasis): Walk => ({ ...walk, bases: asMap([known]) });
const spoken = (walk: Walk, known: CaseBasis): Walk => when(unheard(walk, known), vaultSpoke);
const names = (walk: Walk, serviceId: string | undefined): Walk =>
  when(walk, (r, k) => override(r, { action: 'ask-service', code: 'local-knowledge', serviceId }, k));
const reads = (walk: Walk): Walk =>
  when(walk, (r, k) => readProfile(r, id(walk), { person: 'somebody', purpose: 'accommodation' }, k));

it('a withdrawal is answered with the number of offers and places that it took back, and of nothing else', () => {
  const asked = held(begin(shelters, { urgency: 'urgent', known: [permitted()] }));
  const hears = (walk: Walk, known: CaseBasis): Walk => when({ ...walk, bases: asMap([known]) }, vaultSpoke);
  const nobody = { ...permitted(), permissions: [] };
  const withdrawn = hears(asked, nobody);
  expect(withdrawn.types).toEqual(['OfferWithdrawn', 'BasisLost', 'AlertRaised']);
  expect(closedBy(withdrawn.events)).toBe(1);
  const lost = hears(yes(asked), excluding(asked.referral.offers[0]?.organisationId ?? ''));
  expect(lost.types).toEqual(expect.arrayContaining(['BedLost', 'ServiceAsked']));
  expect(closedBy(lost.events)).toBe(1);
  expect(closedBy(hears(promised(yes(asked)), nobody).events)).toBe(0);
});

describe('a service that the permission excludes', () => {
  it('is not asked, also when a coordinator names it', () => {
    const [first, ...others] = shelters;
    const asked = on(excluding(first?.organisationId ?? ''));
    expect(asked.referral.offers.map((offer) => offer.serviceId)).not.toContain(first?.serviceId);
    expect(names(asked, first?.serviceId).no).toBe('not-covered-by-basis');
    const free = others.find((one) => !asked.referral.offers.some((offer) => offer.serviceId === one.serviceId));
    expect(names(asked, free?.serviceId).types).toEqual(['Overridden', 'ServiceAsked']);
  });
});

describe('a permission that ended, or cannot be read, while a bed was being held', () => {
  it('offers nothing: the hold is given back, and the coordinator is told that nobody is left', () => {
    const late = held(unheard(on(permitted()), nobody));
    expect(late.types).toEqual(['OfferSetAside', 'SearchDecided', 'Unplaced', 'AlertRaised']);
    expect(statuses(late)).toEqual(['set-aside']);
  });

  it('gives the next one its turn, where it still covers somebody', () => {
    const asked = on(permitted());
    const narrowed = held(unheard(asked, excluding(asked.referral.offers[0]?.organisationId ?? '')));
    expect(narrowed.types).toEqual(['OfferSetAside', 'SearchDecided', 'ServiceAsked']);
  });

  it('shows the profile to nobody', () => {
    const open = held(on(permitted()));
    expect(reads(open).types).toEqual(['ProfileRead']);
    expect(reads(unheard(open, nobody)).no).toBe('not-found');
  });
});

describe('a legal basis that the vault recorded', () => {
  it('ends, whatever its code: only what the request itself said in an emergency stands alone', () => {
    for (const code of ['public-task', 'vital-interest']) {
      const asked = held(on(recorded(code, 1)));
      expect(asked.types).toEqual(['OfferMade']);
      const ended = spoken(asked, recorded(code, 0));
      expect(ended.types, code).toEqual(['OfferWithdrawn', 'BasisLost', 'AlertRaised']);
    }
  });
});

describe('a legal basis that does not reach everybody', () => {
  const [first = '', second = ''] = shelters.map(({ organisationId }): string => organisationId);
  const limited = (limits: Partial<LegalBasis>): CaseBasis => {
    const { bases, ...known } = recorded('duty-of-care', 24);
    return { ...known, bases: bases.map((basis) => ({ ...basis, ...limits })) };
  };
  const asked = (known: CaseBasis) => on(known).referral.offers.map(({ organisationId }) => organisationId);

  it('lets nobody be asked whom she had excluded from what it carries on', () => {
    const receivers = {
      ...{ excludedRegions: [], excludedOrganisationIds: [first], organisationIds: [] },
      serviceClasses: ['safe-accommodation'],
    };
    expect(asked(limited({ receivers }))).not.toContain(first);
    expect(asked(limited({ receivers: { ...receivers, serviceClasses: ['legal-aid'] } }))).toEqual([]);
  });

  it('yields to her own word from the moment from which that counts', () => {
    const spoken = (hoursOn: number) => [
      { organisationIds: [first], serviceClasses: [], from: later(monday, hours(hoursOn)) },
    ];
    expect(asked(limited({ spoken: spoken(0) }))).not.toContain(first);
    expect(asked(limited({ spoken: spoken(1) }))).toContain(first);
  });

  it('asks nobody to whom she said no, until she permits them herself', () => {
    const refused = withRefusal(recorded('public-task', 24), no([first, second]));
    expect(asked(refused)).not.toContain(first);
    expect(asked(refused)).not.toContain(second);
    expect(asked({ ...refused, permissions: permitted().permissions })).toContain(first);
  });
});

const no = (organisationIds: readonly string[]) => ({
  ...{ refusalId: 'n', purpose: 'accommodation', organisationIds, serviceClasses: [] },
});

it('a no that is said again under its id takes the place of the one before, and of no other', () => {
  const again = { ...no(['them']), organisationIds: ['others'] };
  const other = { ...no(['somebody']), refusalId: 'another' };
  const known = [no(['them']), other, again].reduce(withRefusal, nobody);
  expect(known.noes).toEqual([other, again]);
});

it('a withdrawal takes back a yes that is being confirmed, and leaves what had ended as it ended', () => {
  const two = held(held(begin(shelters, { known: [permitted()], basis: 'vital-interest' })), 1);
  const declined = when(two, (r, k) => declineOffer(r, id(two), { code: 'full', noteId: undefined }, k));
  expect(statuses(spoken(yes(declined, 1), nobody)).slice(0, 2)).toEqual(['declined', 'withdrawn']);
});

it('a basis that is found again leaves a place that is promised where it is', () => {
  const promise = promised(yes(held(on(permitted()))));
  const found = spoken(spoken(promise, nobody), permitted());
  expect(found.types).toContain('BasisFound');
  expect(found.referral.stage.name).toBe('awaiting-person');
});

it('a withdrawal after the end changes nothing', () => {
  const over = when(on(permitted()), (r, k) => withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k));
  expect(spoken(over, nobody).no).toBe('nothing-changes');
});

it('a party is registered when the vault knows the reference of everybody in it', () => {
  const party = begin(shelters, { party: ['no', 'no'] });
  const half = when({ ...party, bases: asMap([permitted(0)]) }, vaultSpoke);
  expect(half.referral.registered).toBe(false);
  const both = when({ ...half, bases: asMap([permitted(0), permitted(1)]) }, vaultSpoke);
  expect(both.referral.registered).toBe(true);
});

describe('a no while an emergency’s own basis carries the search', () => {
  const unknown: CaseBasis = { ...permitted(), permissions: [], spoken: false };

  it('takes back what was asked of whom it names, and the next is asked', () => {
    const asked = held(begin(shelters));
    const { organisationId, status } = asked.referral.offers[0] ?? {};
    expect(status).toBe('open');
    const after = spoken(asked, withRefusal(unknown, no([organisationId ?? ''])));
    expect(after.types).toEqual(['ReferenceRegistered', 'OfferWithdrawn', 'SearchDecided', 'ServiceAsked']);
    expect(after.referral.basis).toBe('vital-interest');
  });

  it('never takes a place that is promised', () => {
    const placed = promised(yes(held(begin(shelters))));
    const [{ organisationId, status } = {}] = placed.referral.offers as readonly Partial<Offer>[];
    const after = spoken(placed, withRefusal(unknown, no([organisationId ?? ''])));
    expect(after.referral.stage).toEqual(placed.referral.stage);
    expect(statuses(after)[0]).toBe(status);
  });
});

describe('what the vault has said of a place', () => {
  const silent: CaseBasis = { ...permitted(), permissions: [], spoken: false };
  const basis = (purpose: string): LegalBasis => ({
    basisId: purpose,
    code: 'public-task',
    purpose,
    validFrom: monday,
    validUntil: later(monday, hours(1)),
  });

  it('of a basis that is said again takes the place of what was said before, and of no other', () => {
    const [one, other] = [basis('accommodation'), basis('legal-aid')];
    const again = { ...one, code: 'vital-interest' };
    expect([one, other, again].reduce(withBasis, silent).bases).toEqual([other, again]);
  });

  it('counts from the first basis for a place on, and a basis for something else does not undo it', () => {
    expect(withBasis(silent, basis('legal-aid')).spoken).toBe(false);
    expect(withBasis(silent, basis('accommodation')).spoken).toBe(true);
    expect(withBasis({ ...silent, spoken: true }, basis('legal-aid')).spoken).toBe(true);
  });
});
