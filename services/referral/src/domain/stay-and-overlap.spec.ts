import { describe, expect, it } from 'vitest';
import { messagesOf } from '../adapters/published.ts';
import { arrived, stayChanged } from './journey.ts';
import { apartOverlap } from './offering.ts';
import { mint, service } from './saga.fixture.ts';
import {
  alertsOf,
  arranged,
  awaitingPerson,
  begin,
  held,
  id,
  passes,
  says,
  statuses,
  type Walk,
  when,
  yes,
} from './walk.fixture.ts';
import { withdrawReferral } from './withdrawal.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));
const there = (): Walk => {
  const onTheWay = arranged(says(awaitingPerson(shelters), true));
  return when(onTheWay, (r, k) => arrived(r, id(onTheWay), k.now, k));
};
const changes = (walk: Walk, code: string, ended: boolean, nth = 0): Walk =>
  when(walk, (r, k) => stayChanged(r, id(walk, nth), code, ended, k));
const told = ({ referral, events }: Walk): string[] =>
  events.flatMap((event) => messagesOf(event, referral)).map(({ type }) => type.split('.').at(-1) ?? '');

describe('a stay', () => {
  it('that changes is noted, and the relation goes on', () => {
    const absent = changes(there(), 'absent', false);
    expect(absent.events).toEqual([{ type: 'StayChanged', offerId: id(absent), code: 'absent', ended: false }]);
    expect(told(absent)).toEqual([]);
  });

  it('that ends ends the relation, and never the arrival', () => {
    const ended = changes(there(), 'moved-on', true);
    expect(told(ended)).toEqual(['RelationEnded']);
    expect(ended.referral.stage.name).toBe('arrived');
  });

  it('that ends before anybody arrived was a place that is lost: searched for as an emergency, and somebody is told', () => {
    for (const walk of [awaitingPerson(shelters), says(awaitingPerson(shelters), true)]) {
      const lost = changes(walk, 'site-closed', true);
      expect(lost.types).toEqual(expect.arrayContaining(['BedLost', 'AlertRaised', 'ServiceAsked']));
      expect(lost.referral).toMatchObject({ stage: { name: 'searching' }, urgency: 'emergency' });
      expect(statuses(lost)[0]).toBe('lost');
      expect(alertsOf(lost)).toEqual(['place-lost']);
    }
  });

  it('that changes before anybody arrived says nothing', () =>
    expect(changes(says(awaitingPerson(shelters), true), 'absent', false).no).toBe('not-arrived'));

  it('is believed from the house of the place only', () => {
    expect(changes(there(), 'moved-on', true, 1).no).toBe('not-the-current-place');
    expect(changes(held(begin(shelters)), 'moved-on', true).no).toBe('not-the-current-place');
    const gone = when(there(), (r, k) => stayChanged(r, mint(), 'moved-on', true, k));
    expect(gone.no).toBe('not-the-current-place');
  });
});

describe('two people at one provider who must be kept apart', () => {
  const overlaps = (walk: Walk, nth = 0): Walk => when(walk, (r, k) => apartOverlap(r, id(walk, nth), k));

  it('are told of to a person at once, by the offer and nothing else', () => {
    const told = overlaps(there());
    expect(told.events).toMatchObject([{ type: 'AlertRaised', code: 'apart-overlap', offerId: id(told) }]);
    expect(told.referral.stage.name).toBe('arrived');
  });

  it('are told of once while the alert is open, and again by another hold', () => {
    const both = held(held(begin(shelters)), 1);
    const once = overlaps(both);
    expect(overlaps(once).no).toBe('already-told');
    expect(alertsOf(overlaps(once, 1))).toEqual(['apart-overlap', 'apart-overlap']);
  });

  it('are told of again, louder, when nobody acts, also where the person lives already', () => {
    const [alert] = overlaps(there()).referral.alerts;
    const wait = ((alert?.actBy ?? 0) - there().now) / 60_000;
    expect(passes(overlaps(there()), wait).types).toEqual(['AlertOverdue']);
  });

  it('change no place: a person decides', () => {
    const confirming = yes(held(begin(shelters)));
    expect(statuses(overlaps(confirming))).toEqual(statuses(confirming));
  });

  it('of a hold that was never of this referral are not told of', () =>
    expect(when(begin(shelters), (r, k) => apartOverlap(r, mint(), k)).no).toBe('not-an-offer-of-this-referral'));

  it('are told of also where the referral was withdrawn: the other person may still be there', () => {
    const over = when(awaitingPerson(shelters), (r, k) =>
      withdrawReferral(r, { memberId: undefined, code: 'own-wish' }, k),
    );
    expect(alertsOf(overlaps(over))).toEqual(['apart-overlap']);
  });
});
