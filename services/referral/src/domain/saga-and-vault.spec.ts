import { describe, expect, it } from 'vitest';
import { messagesOf } from '../outbound/published.ts';
import type { ReferralEvent } from './events.ts';
import { afterEachStep, serviceOf, visitHistories } from './history.fixture.ts';
import { vaultEvents } from './inputs.fixture.ts';
import type { Service } from './matching/service.ts';
import type { Referral } from './referral.ts';
import { stateAfter } from './saga.fixture.ts';
import { isCoveredForEveryone } from './vault.fixture.ts';

interface Disclosed {
  readonly type: string;
  readonly referral: Referral;
  readonly service: Service | undefined;
}

/** The services to which these events disclose something about the person, and the state at that time: asked, offered, or given the profile. */
function disclosed(before: Referral, events: readonly ReferralEvent[]): Disclosed[] {
  let referral = before;
  return events.flatMap((event): Disclosed[] => {
    referral = stateAfter([event], referral);
    if (event.type !== 'ServiceAsked' && event.type !== 'OfferMade' && event.type !== 'ProfileRead')
      return [];
    const offer = referral.offers.find((one) => one.offerId === event.offerId);
    return [{ type: event.type, referral, service: serviceOf(offer?.serviceId ?? '') }];
  });
}

const placeOf = ({ stage, offers }: Referral) =>
  'offerId' in stage && stage.name !== 'confirming'
    ? offers.find((offer) => offer.offerId === stage.offerId)
    : undefined;

it('the random histories include permissions and bases that begin, change, end and cannot be read', () => {
  const result = new Set<string>();
  visitHistories(({ events, step, after }) => {
    result.add(step.what);
    const where = placeOf(after) ? 'with a place' : 'without a place';
    for (const event of events)
      if (/^Basis|^Apart/.test(event.type)) result.add(`${event.type} ${where}`);
  });
  expect([...result]).toEqual(
    expect.arrayContaining([
      ...Object.keys(vaultEvents),
      ...['BasisFound', 'BasisLost', 'ApartAdded'].flatMap((type) => [
        `${type} without a place`,
        `${type} with a place`,
      ]),
    ]),
  );
});

describe('after any events of the vault', () => {
  it('no service is asked, offered or given the profile unless a basis of every member covers it now', () =>
    afterEachStep((result) => {
      const { before, events, knowledge } = result;
      for (const { type, referral, service } of disclosed(before, events)) {
        const may = service !== undefined && isCoveredForEveryone(referral, service, knowledge);
        expect(may, `${type} after ${result.step.what}`).toBe(true);
      }
    }));

  it('a place that is confirmed, agreed, travelled to or occupied is never released', () =>
    afterEachStep(({ before, events, after, step }) => {
      const place = placeOf(before);
      if (!(step.what in vaultEvents) || !place) return;
      expect(placeOf(after)).toMatchObject({
        offerId: place.offerId,
        status: place.status,
        hasHold: place.hasHold,
      });
      expect(after.stage.name).toBe(before.stage.name);
      const released = events
        .flatMap((event) => messagesOf(event, after))
        .filter(({ type, key }) => key === place.offerId && /Release|Ended/.test(type));
      expect(released).toEqual([]);
    }));

  it('a lost basis withdraws every offer without a confirmed place and raises an alert', () =>
    afterEachStep(({ events, after }) => {
      const types = events.map((event) => event.type);
      if (!types.includes('BasisLost')) return;
      expect(after.alerts.map((alert) => alert.code)).toContain('basis-lost');
      const pending = ['holding', 'open', 'softened', 'standby', 'confirming'];
      expect(after.offers.filter((offer) => pending.includes(offer.status))).toEqual([]);
    }));

  it('an offer is withdrawn exactly where no basis covers its service any more, while the referral has a basis', () =>
    afterEachStep(({ before, events, after, step, knowledge }) => {
      if (!(step.what in vaultEvents) || events.some(({ type }) => type === 'BasisLost')) return;
      const allows = ({ serviceId }: { serviceId: string }): boolean => {
        const service = serviceOf(serviceId);
        return service !== undefined && isCoveredForEveryone(after, service, knowledge);
      };
      const isAgeReviewed = events.some(({ type }) => type === 'AgeReviewed');
      const ageRules: (string | undefined)[] = isAgeReviewed ? ['AGE', 'CHILD_LICENCE'] : [];
      const gone = events.flatMap((event) =>
        event.type === 'OfferWithdrawn' && !ageRules.includes(event.code) ? [event.offerId] : [],
      );
      expect(before.offers.filter((offer) => gone.includes(offer.offerId)).filter(allows)).toEqual(
        [],
      );
      if (events.length === 0 || after.basis === undefined) return;
      const pending = after.offers.filter((offer) =>
        ['holding', 'open', 'softened', 'standby'].includes(offer.status),
      );
      expect(pending.filter((offer) => !allows(offer))).toEqual([]);
    }));

  it('no remaining member of a party waits for the basis of a former member', () =>
    afterEachStep(({ events, after, knowledge: { bases, now } }) => {
      if (
        !events.some(({ type }) => type === 'MemberLeft') ||
        after.stage.name !== 'waiting-for-basis'
      )
        return;
      const withoutBasis = after.party.filter(({ caseReference }) => {
        const {
          permissions = [],
          bases: others = [],
          decidedPurposes = [],
        } = bases.get(caseReference) ?? {};
        if (after.requestBasis !== undefined && decidedPurposes.length === 0) return false;
        return ![...permissions, ...others].some(
          (one) => one.validFrom <= now && now < one.validUntil,
        );
      });
      expect(withoutBasis).not.toEqual([]);
    }));

  it('a provider cannot accept while there is no basis', () =>
    afterEachStep(({ before, events }) => {
      if (before.basis !== undefined) return;
      expect(events.filter((event) => event.type === 'OfferAccepted')).toEqual([]);
    }));

  it('no person whom the vault treats as a child is treated as an adult', () =>
    afterEachStep(({ after, knowledge }) => {
      if (['withdrawn', 'refused', 'ended'].includes(after.stage.name)) return;
      const hasLeft = after.stage.name === 'started' && placeOf(after)?.hasHold === false;
      if (hasLeft) return;
      for (const { caseReference, underEighteen } of after.party) {
        const recorded = knowledge.bases.get(caseReference)?.age?.underEighteen;
        if (recorded === 'yes' || recorded === 'unsure') expect(underEighteen).toBe(recorded);
      }
    }));

  it('a keep-apart pair reaches every live hold and each new question', () =>
    afterEachStep(({ events, after, knowledge }) => {
      if (events.length === 0) return;
      const known = after.party.flatMap(
        (member) => knowledge.bases.get(member.caseReference)?.apartIds ?? [],
      );
      if (events.some((event) => event.type === 'ApartAdded'))
        expect(after.apartIds).toEqual(expect.arrayContaining(known));
    }));
});
