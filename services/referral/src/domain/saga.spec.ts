import { describe, expect, it } from 'vitest';
import { reviewBasis } from './basis.ts';
import { nextDeadline, openDeadlines, timePasses } from './deadlines.ts';
import { decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import { afterEachHistory, afterEachStep, replay, visitHistories } from './history.fixture.ts';
import {
  evolve,
  isOver,
  isUnconfirmedEmergency,
  type Referral,
  type Stage,
  stateName,
} from './referral.ts';
import { isSafe, suits } from './safety.fixture.ts';
import { eventsOf, pack } from './saga.fixture.ts';

const live = (referral: Referral) =>
  withStatus(referral, 'holding', 'open', 'softened', 'standby', 'confirming');

/** As callers see them, roughly in the order in which a referral passes them. */
const states = [
  'waiting-for-basis',
  'searching',
  'offered',
  'confirming',
  'awaiting-person',
  'agreed',
  'appointment',
  'journey',
  'journey-failed',
  'started',
  'unplaced',
  'waiting-for-desk',
  'withdrawn',
  'refused',
  'ended',
];

const withStatus = (referral: Referral, ...statuses: string[]) =>
  referral.offers.filter((offer) => statuses.includes(offer.status));
const asked = (events: readonly ReferralEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'ServiceAsked' ? [event.serviceId] : []));

it('the random histories reach every state, and no unknown one', () => {
  const reached = new Set<string>();
  visitHistories(({ after }) => void reached.add(stateName(after)));
  expect([...reached].sort()).toEqual(states.toSorted());
});

it('the histories pass through each way of a delivery', () => {
  const happened = new Set<string>();
  visitHistories(({ events }) => {
    for (const { type } of events) happened.add(type);
  });
  for (const type of [
    'JourneyArranged',
    'JourneyFailed',
    'AppointmentAgreed',
    'AppointmentMissed',
    'DeliveryReminded',
    'DeliveryNotArranged',
    'ServiceStarted',
  ])
    expect(happened).toContain(type);
});

describe('after any inputs in any order', () => {
  it('no referral has two placements', () =>
    afterEachStep(({ after }) => {
      expect(withStatus(after, 'confirming', 'confirmed').length).toBeLessThanOrEqual(1);
    }));

  it('a referral that is not over has a deadline, and a deadline that passes changes something', () =>
    afterEachStep(({ after: referral, knowledge }) => {
      if (isOver(referral)) return;
      const { stage } = referral;
      if ('until' in stage)
        expect(
          openDeadlines(referral).map((deadline) => deadline.due),
          stage.name,
        ).toContain(stage.until);
      const next = nextDeadline(referral);
      expect(next, `a referral in ${referral.stage.name} has no deadline`).toBeDefined();
      if (next) expect(timePasses(referral, { ...knowledge, now: next.due }).kind).toBe('accepted');
    }));

  it('an offer is withdrawn only where it is unsafe, where the person agrees, where a coordinator overrides a rule, or where the referral is over', () =>
    afterEachStep(({ before, events, after, knowledge }) => {
      const types = events.map((event) => event.type);
      const needed =
        !isOver(after) && !types.includes('PersonAgreed') && !types.includes('RuleOverridden');
      for (const event of events) {
        if (event.type !== 'OfferWithdrawn') continue;
        const offer = before.offers.find((one) => one.offerId === event.offerId);
        const safe = isSafe(after, offer?.serviceId ?? '', knowledge);
        expect(event.code === undefined ? needed : safe, event.code ?? 'no rule').toBe(false);
      }
    }));

  it('an offer needs a hold (unconfirmed emergencies excepted), and a confirmation needs an acceptance', () =>
    afterEachStep(({ before, events, after: referral }) => {
      for (const event of events) {
        if (event.type === 'OfferMade' && !isUnconfirmedEmergency(referral))
          expect(before.offers.find((one) => one.offerId === event.offerId)?.status).toBe(
            'holding',
          );
        if (event.type === 'UnitConfirmed')
          expect(before.offers.find((one) => one.offerId === event.offerId)?.status).toBe(
            'confirming',
          );
        if (event.type === 'PersonAgreed')
          expect(before.stage).toMatchObject({ name: 'awaiting-person', offerId: event.offerId });
      }
    }));

  it('nothing is final before every member of the party has agreed', () =>
    afterEachStep(({ before, events }) => {
      if (
        !events.some((event) => event.type === 'PersonAgreed') ||
        before.stage.name !== 'awaiting-person'
      )
        return;
      const now = events.flatMap((event) =>
        event.type === 'MemberAgreed' ? [event.memberId] : [],
      );
      const agreed = [...before.stage.agreedMembers, ...now];
      expect(before.party.filter((one) => !agreed.includes(one.memberId))).toEqual([]);
    }));

  it('no more offers are open than the urgency allows, except those that a coordinator asks for by name', () =>
    afterEachStep(({ before, after, step }) => {
      if (step.what === 'names') return;
      const open = (referral: Referral): number =>
        withStatus(referral, 'holding', 'open', 'softened').length;
      expect(open(after)).toBeLessThanOrEqual(
        Math.max(pack.urgencies[after.urgency].maxOpen, open(before)),
      );
    }));

  it('no unsafe service is asked, offered, confirmed or given the profile, also where a coordinator names it', () =>
    afterEachStep(({ before, events, knowledge }) => {
      let state = before;
      for (const event of events) {
        state = evolve(state, event);
        if (
          !['ServiceAsked', 'OfferMade', 'ConfirmationRequested', 'ProfileRead'].includes(
            event.type,
          )
        )
          continue;
        const offer =
          'offerId' in event
            ? state.offers.find((one) => one.offerId === event.offerId)
            : undefined;
        expect(isSafe(state, offer?.serviceId ?? '', knowledge), event.type).toBe(true);
      }
    }));

  it('a live offer suits every member of the party, and a legal basis covers it once every event of the vault is applied', () =>
    afterEachHistory((history) => {
      const { referral, knowledge } = replay(history, ({ after, knowledge: known }) => {
        for (const { serviceId } of live(after)) expect(suits(after, serviceId, known)).toBe(true);
      });
      const reviewed = eventsOf(decide(referral, knowledge, reviewBasis)).reduce(evolve, referral);
      for (const { serviceId } of live(reviewed))
        expect(isSafe(reviewed, serviceId, knowledge)).toBe(true);
    }));

  it('no service is asked that the person declined, unless a coordinator names it', () =>
    afterEachStep(({ before, events, step }) => {
      if (step.what === 'names') return;
      const declined = withStatus(before, 'person-declined').filter(
        (one) => one.needVersion === before.needVersion,
      );
      const amended = events.some((event) => event.type === 'NeedAmended');
      if (!amended)
        for (const { serviceId } of declined) expect(asked(events)).not.toContain(serviceId);
    }));

  it('a referral that is over stays over, and an arrival is never reverted', () =>
    afterEachStep(({ before, after }) => {
      if (isOver(before)) expect(after.stage).toEqual(before.stage);
    }));

  it('every alert has an owner and a time to act by', () =>
    afterEachStep(({ events }) => {
      for (const event of events) {
        if (event.type !== 'AlertRaised') continue;
        expect(pack.roles.map((role) => role.code)).toContain(event.ownerRole);
        expect(event.actBy).toBeGreaterThan(event.at);
      }
    }));

  it('a referral that is over asks no service, and only the place where the person is stays held', () =>
    afterEachStep(({ after, sent }) => {
      if (!isOver(after)) return;
      const place = 'offerId' in after.stage ? [after.stage.offerId] : [];
      const open = withStatus(
        after,
        'holding',
        'open',
        'softened',
        'standby',
        'confirming',
        'confirmed',
      );
      expect(open.map((offer) => offer.offerId)).toEqual(place);
      expect(place).toEqual(expect.arrayContaining(sent.held));
    }));

  it('an offer on standby has a closing deadline, and exists only while a unit is confirmed, being confirmed, or the desk is awaited', () =>
    afterEachStep(({ after }) => {
      const onStandby = withStatus(after, 'standby');
      if (onStandby.length > 0)
        expect(['confirming', 'awaiting-person', 'waiting-for-desk']).toContain(stateName(after));
      for (const { closesAt } of onStandby)
        expect(
          openDeadlines(after).filter(
            ({ kind, due }) => kind === 'offer-closing' && due === closesAt,
          ),
        ).not.toEqual([]);
    }));

  it('nothing is held for an unconfirmed emergency above the quota, and at most one of its offers is open or on standby', () =>
    afterEachStep(({ after, sent }) => {
      if (!isUnconfirmedEmergency(after) || isOver(after)) return;
      expect(sent.held).toEqual([]);
      expect(withStatus(after, 'holding', 'confirming', 'confirmed')).toEqual([]);
      expect(withStatus(after, 'open', 'softened', 'standby').length).toBeLessThanOrEqual(1);
    }));

  it('the coordination desk has a deadline for an unconfirmed emergency until it is confirmed, registered or over', () =>
    afterEachStep(({ before, events, after }) => {
      const isAlerted = openDeadlines(after).some(({ kind }) => kind === 'desk-confirmation');
      expect(isAlerted).toBe(isUnconfirmedEmergency(after) && !isOver(after));
      if (!isUnconfirmedEmergency(before) || isUnconfirmedEmergency(after)) return;
      const types = events.map((event) => event.type);
      expect(types.includes('EmergencyConfirmed') || types.includes('ReferenceRegistered')).toBe(
        true,
      );
      expect(after.alerts.map((alert) => alert.code)).not.toContain('emergency-unconfirmed');
    }));

  it('every unit that a provider holds belongs to an offer that has not ended', () =>
    afterEachStep(({ after, sent }) => {
      const known = withStatus(after, 'holding', 'open', 'standby', 'confirming', 'confirmed');
      expect(known.map((offer) => offer.offerId)).toEqual(expect.arrayContaining(sent.held));
    }));

  it('a relation is announced exactly as long as there is a place to which the person agreed or came', () =>
    afterEachHistory((history) => {
      let stays = true;
      replay(history, ({ events, after, sent }) => {
        if (events.some((event) => event.type === 'ServiceChanged' && event.ended)) stays = false;
        const related = isLivedInOrAgreed(after.stage) && stays ? relationsOf(after) : [];
        expect(sent.related).toEqual(related);
      });
    }));
});

const isLivedInOrAgreed = (stage: Stage): boolean =>
  stage.name === 'journey-failed'
    ? stage.isHeld
    : ['agreed', 'journey', 'appointment', 'started'].includes(stage.name);

const relationsOf = ({ stage, party }: Referral): string[] =>
  'offerId' in stage
    ? party.map(({ caseReference }) => `${stage.offerId} ${caseReference}`).sort()
    : [];
