import { describe, expect, it } from 'vitest';
import { vaultSpoke } from './basis.ts';
import { nextClock, runningClocks, timePasses } from './clocks.ts';
import { decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import { afterwards, always, onTheWay, play } from './history.fixture.ts';
import { evolve, isOver, isUnconfirmed, type Referral, type Stage, stateName } from './referral.ts';
import { isSafe, suits } from './safety.fixture.ts';
import { eventsOf, pack } from './saga.fixture.ts';

const live = (referral: Referral) => withStatus(referral, 'holding', 'open', 'softened', 'standby', 'confirming');

/** As callers see them, in the order in which they are passed. */
const states = [
  ...['waiting-for-basis', 'searching', 'offered', 'confirming', 'awaiting-person', 'placed', 'journey'],
  ...['journey-failed', 'arrived', 'unplaced', 'waiting-for-desk', 'withdrawn', 'refused', 'ended'],
];

const withStatus = (referral: Referral, ...statuses: string[]) =>
  referral.offers.filter((offer) => statuses.includes(offer.status));
const asked = (events: readonly ReferralEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'ServiceAsked' ? [event.serviceId] : []));

it('is tried on histories that go all the way, through every state that has a name and through no other', () => {
  const reached = new Set<string>();
  onTheWay(({ after }) => void reached.add(stateName(after)));
  expect([...reached].sort()).toEqual(states.toSorted());
});

describe('whatever comes in, in whatever order', () => {
  it('nobody has two placements', () =>
    always(({ after }) => {
      expect(withStatus(after, 'confirming', 'confirmed').length).toBeLessThanOrEqual(1);
    }));

  it('nobody waits without a clock, and a clock that falls due changes something', () =>
    always(({ after: referral, knowledge }) => {
      if (isOver(referral)) return;
      const { stage } = referral;
      if ('until' in stage)
        expect(
          runningClocks(referral).map((clock) => clock.due),
          stage.name,
        ).toContain(stage.until);
      const next = nextClock(referral);
      expect(next, `a referral in ${referral.stage.name} has no clock`).toBeDefined();
      if (next) expect(timePasses(referral, { ...knowledge, now: next.due }).kind).toBe('accepted');
    }));

  it('an offer is withdrawn only where it is not safe, or where the person agrees, a coordinator searches anew, or all is over', () =>
    always(({ before, events, after, knowledge }) => {
      const types = events.map((event) => event.type);
      const needed = !isOver(after) && !types.includes('PersonAgreed') && !types.includes('Overridden');
      for (const event of events) {
        if (event.type !== 'OfferWithdrawn') continue;
        const offer = before.offers.find((one) => one.offerId === event.offerId);
        const safe = isSafe(after, offer?.serviceId ?? '', knowledge);
        expect(event.code === undefined ? needed : safe, event.code ?? 'no rule').toBe(false);
      }
    }));

  it('nothing is offered that was not held first, but for an unconfirmed emergency above the quota, and nothing confirmed that nobody said yes to', () =>
    always(({ before, events, after: referral }) => {
      for (const event of events) {
        if (event.type === 'OfferMade' && !isUnconfirmed(referral))
          expect(before.offers.find((one) => one.offerId === event.offerId)?.status).toBe('holding');
        if (event.type === 'BedConfirmed')
          expect(before.offers.find((one) => one.offerId === event.offerId)?.status).toBe('confirming');
        if (event.type === 'PersonAgreed')
          expect(before.stage).toMatchObject({ name: 'awaiting-person', offerId: event.offerId });
      }
    }));

  it('nothing is final before everyone in the party has said yes', () =>
    always(({ before, events }) => {
      if (!events.some((event) => event.type === 'PersonAgreed') || before.stage.name !== 'awaiting-person') return;
      const now = events.flatMap((event) => (event.type === 'MemberAgreed' ? [event.memberId] : []));
      const yeses = [...before.stage.agreed, ...now];
      expect(before.party.filter((one) => !yeses.includes(one.memberId))).toEqual([]);
    }));

  it('no more are asked at once, nor open at all, than the urgency lets, but for those that a coordinator names', () =>
    always(({ before, after, step }) => {
      if (step.what === 'names') return;
      const open = (referral: Referral): number => withStatus(referral, 'holding', 'open', 'softened').length;
      expect(open(after)).toBeLessThanOrEqual(Math.max(pack.urgencies[after.urgency].mostOpen, open(before)));
    }));

  it('nobody is asked, offered, confirmed or given the profile where it is not safe, whoever names the service', () =>
    always(({ before, events, knowledge }) => {
      let state = before;
      for (const event of events) {
        state = evolve(state, event);
        if (!['ServiceAsked', 'OfferMade', 'ConfirmationAsked', 'ProfileRead'].includes(event.type)) continue;
        const offer = 'offerId' in event ? state.offers.find((one) => one.offerId === event.offerId) : undefined;
        expect(isSafe(state, offer?.serviceId ?? '', knowledge), event.type).toBe(true);
      }
    }));

  it('a live offer suits everyone in the party now, and a legal basis covers it as soon as the vault has been heard', () =>
    afterwards((history) => {
      const { referral, knowledge } = play(history, ({ after, knowledge: known }) => {
        for (const { serviceId } of live(after)) expect(suits(after, serviceId, known)).toBe(true);
      });
      const told = eventsOf(decide(referral, knowledge, vaultSpoke)).reduce(evolve, referral);
      for (const { serviceId } of live(told)) expect(isSafe(told, serviceId, knowledge)).toBe(true);
    }));

  it('no service is asked that the person declined, unless a coordinator names it', () =>
    always(({ before, events, step }) => {
      if (step.what === 'names') return;
      const declined = withStatus(before, 'person-declined').filter((one) => one.needVersion === before.needVersion);
      const amended = events.some((event) => event.type === 'NeedAmended');
      if (!amended) for (const { serviceId } of declined) expect(asked(events)).not.toContain(serviceId);
    }));

  it('what is over stays over, and an arrival is never undone', () =>
    always(({ before, after }) => {
      if (isOver(before)) expect(after.stage).toEqual(before.stage);
    }));

  it('every alert has somebody who owns it and a time to act by', () =>
    always(({ events }) => {
      for (const event of events) {
        if (event.type !== 'AlertRaised') continue;
        expect(pack.roles.map((role) => role.code)).toContain(event.ownerRole);
        expect(event.actBy).toBeGreaterThan(event.at);
      }
    }));

  it('a referral that is over asks nobody, and nothing is kept for it but the place where the person is', () =>
    always(({ after, said }) => {
      if (!isOver(after)) return;
      const place = 'offerId' in after.stage ? [after.stage.offerId] : [];
      const open = withStatus(after, 'holding', 'open', 'softened', 'standby', 'confirming', 'confirmed');
      expect(open.map((offer) => offer.offerId)).toEqual(place);
      expect(place).toEqual(expect.arrayContaining(said.held));
    }));

  it('a yes that stands by has an end, and is never forgotten by a search: there is a place, one is being confirmed, or the desk is awaited', () =>
    always(({ after }) => {
      const standing = withStatus(after, 'standby');
      if (standing.length > 0)
        expect(['confirming', 'awaiting-person', 'waiting-for-desk']).toContain(stateName(after));
      for (const { closesAt } of standing)
        expect(runningClocks(after).filter(({ kind, due }) => kind === 'close' && due === closesAt)).not.toEqual([]);
    }));

  it('nothing is held for an unconfirmed emergency above the quota, and one service at most is asked or has said yes', () =>
    always(({ after, said }) => {
      if (!isUnconfirmed(after) || isOver(after)) return;
      expect(said.held).toEqual([]);
      expect(withStatus(after, 'holding', 'confirming', 'confirmed')).toEqual([]);
      expect(withStatus(after, 'open', 'softened', 'standby').length).toBeLessThanOrEqual(1);
    }));

  it('an unconfirmed emergency is told to the coordination desk again by a deadline, until it is confirmed, registered or over', () =>
    always(({ before, events, after }) => {
      const told = runningClocks(after).some(({ kind }) => kind === 'desk');
      expect(told).toBe(isUnconfirmed(after) && !isOver(after));
      if (!isUnconfirmed(before) || isUnconfirmed(after)) return;
      const types = events.map((event) => event.type);
      expect(types.includes('EmergencyConfirmed') || types.includes('ReferenceRegistered')).toBe(true);
      expect(after.alerts.map((alert) => alert.code)).not.toContain('emergency-unconfirmed');
    }));

  it('what is kept is known: it is held by an offer that has not ended', () =>
    always(({ after, said }) => {
      const known = withStatus(after, 'holding', 'open', 'standby', 'confirming', 'confirmed');
      expect(known.map((offer) => offer.offerId)).toEqual(expect.arrayContaining(said.held));
    }));

  it('a relation is told of as long as there is a place to which the person agreed or came, and no longer', () =>
    afterwards((history) => {
      let stays = true;
      play(history, ({ events, after, said }) => {
        if (events.some((event) => event.type === 'StayChanged' && event.ended)) stays = false;
        const related = isLivedInOrAgreed(after.stage) && stays ? relationsOf(after) : [];
        expect(said.related).toEqual(related);
      });
    }));
});

const isLivedInOrAgreed = (stage: Stage): boolean =>
  stage.name === 'journey-failed' ? stage.held : ['placed', 'journey', 'arrived'].includes(stage.name);

const relationsOf = ({ stage, party }: Referral): string[] =>
  'offerId' in stage ? party.map(({ caseReference }) => `${stage.offerId} ${caseReference}`).sort() : [];
