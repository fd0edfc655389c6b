import { describe, expect, it } from 'vitest';
import { messagesOf } from '../adapters/published.ts';
import type { ReferralEvent } from './events.ts';
import { always, onTheWay, serviceOf } from './history.fixture.ts';
import type { Service } from './matching/service.ts';
import type { Referral } from './referral.ts';
import { stateAfter } from './saga.fixture.ts';
import { everyoneAllows } from './vault.fixture.ts';
import { vaultWords } from './what-comes-in.fixture.ts';

interface Told {
  readonly type: string;
  readonly referral: Referral;
  readonly service: Service | undefined;
}

/** To whom something of the person is told by these events, and in which state: asked, offered, or given the profile. */
function told(before: Referral, events: readonly ReferralEvent[]): Told[] {
  let referral = before;
  return events.flatMap((event): Told[] => {
    referral = stateAfter([event], referral);
    if (event.type !== 'ServiceAsked' && event.type !== 'OfferMade' && event.type !== 'ProfileRead') return [];
    const offer = referral.offers.find((one) => one.offerId === event.offerId);
    return [{ type: event.type, referral, service: serviceOf(offer?.serviceId ?? '') }];
  });
}

const placeOf = ({ stage, offers }: Referral) =>
  'offerId' in stage && stage.name !== 'confirming'
    ? offers.find((offer) => offer.offerId === stage.offerId)
    : undefined;

it('is tried on histories in which permissions and bases come, go, end and cannot be read', () => {
  const seen = new Set<string>();
  onTheWay(({ events, step, after }) => {
    seen.add(step.what);
    const where = placeOf(after) ? 'with a place' : 'without a place';
    for (const event of events) if (/^Basis|^Apart/.test(event.type)) seen.add(`${event.type} ${where}`);
  });
  expect([...seen]).toEqual(
    expect.arrayContaining([
      ...Object.keys(vaultWords),
      ...['BasisFound', 'BasisLost', 'ApartAdded'].flatMap((type) => [
        `${type} without a place`,
        `${type} with a place`,
      ]),
    ]),
  );
});

describe('whatever the vault says, and whenever', () => {
  it('nobody is asked, offered or given the profile whom no permission and no basis of everyone covers now', () =>
    always((seen) => {
      const { before, events, knowledge } = seen;
      for (const { type, referral, service } of told(before, events)) {
        const may = service !== undefined && everyoneAllows(referral, service, knowledge);
        expect(may, `${type} after ${seen.step.what}`).toBe(true);
      }
    }));

  it('a place that is confirmed, agreed, travelled to or lived in is never taken by it', () =>
    always(({ before, events, after, step }) => {
      const place = placeOf(before);
      if (!(step.what in vaultWords) || !place) return;
      expect(placeOf(after)).toMatchObject({ offerId: place.offerId, status: place.status, holds: place.holds });
      expect(after.stage.name).toBe(before.stage.name);
      const released = events
        .flatMap((event) => messagesOf(event, after))
        .filter(({ type, key }) => key === place.offerId && /Release|Ended/.test(type));
      expect(released).toEqual([]);
    }));

  it('a ground that is lost takes back every question that has no place yet, and somebody is told', () =>
    always(({ events, after }) => {
      const types = events.map((event) => event.type);
      if (!types.includes('BasisLost')) return;
      expect(after.alerts.map((alert) => alert.code)).toContain('permission-withdrawn');
      const pending = ['holding', 'open', 'softened', 'standby', 'confirming'];
      expect(after.offers.filter((offer) => pending.includes(offer.status))).toEqual([]);
    }));

  it('takes back what was asked of whom nothing covers any more, and of nobody else, while another ground stands', () =>
    always(({ before, events, after, step, knowledge }) => {
      if (!(step.what in vaultWords) || events.some(({ type }) => type === 'BasisLost')) return;
      const allows = ({ serviceId }: { serviceId: string }): boolean => {
        const service = serviceOf(serviceId);
        return service !== undefined && everyoneAllows(after, service, knowledge);
      };
      const gone = events.flatMap((event) => (event.type === 'OfferWithdrawn' ? [event.offerId] : []));
      expect(before.offers.filter((offer) => gone.includes(offer.offerId)).filter(allows)).toEqual([]);
      if (events.length === 0 || after.basis === undefined) return;
      const pending = after.offers.filter((offer) => ['holding', 'open', 'softened', 'standby'].includes(offer.status));
      expect(pending.filter((offer) => !allows(offer))).toEqual([]);
    }));

  it('nobody who remains in a party waits for the basis of somebody who left', () =>
    always(({ events, after, knowledge: { bases, now } }) => {
      if (!events.some(({ type }) => type === 'MemberLeft') || after.stage.name !== 'waiting-for-basis') return;
      const withoutBasis = after.party.filter(({ caseReference }) => {
        const { permissions = [], bases: others = [], spoken = false } = bases.get(caseReference) ?? {};
        if (after.ownBasis !== undefined && !spoken) return false;
        return ![...permissions, ...others].some((one) => one.validFrom <= now && now < one.validUntil);
      });
      expect(withoutBasis).not.toEqual([]);
    }));

  it('a provider cannot say yes while there is no ground', () =>
    always(({ before, events }) => {
      if (before.basis !== undefined) return;
      expect(events.filter((event) => event.type === 'OfferAccepted')).toEqual([]);
    }));

  it('a pair to be kept apart reaches every hold that lives, and each new question', () =>
    always(({ events, after, knowledge }) => {
      if (events.length === 0) return;
      const known = after.party.flatMap((member) => knowledge.bases.get(member.caseReference)?.apartIds ?? []);
      if (events.some((event) => event.type === 'ApartAdded'))
        expect(after.apartIds).toEqual(expect.arrayContaining(known));
    }));
});
