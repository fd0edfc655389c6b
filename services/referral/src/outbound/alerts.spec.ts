import { randomUUID } from 'node:crypto';
import type { Actor } from '@opennrm/runtime';
import { after, days, type Instant, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import { serviceStarted } from '../domain/service-started.ts';
import * as alerts from '../handlers/alerts.ts';
import * as requests from '../handlers/requests.ts';
import { ALL_BEGIN, type AlertPosition, listAlerts, UNRESOLVED_BEGIN } from './alert-list.ts';
import { type Asked, callOf, referralDatabase } from './referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(0));

const at = (minute: number): Instant => after(monday, minutes(minute));
const listed = (
  actor: Actor,
  all = false,
  from: AlertPosition = all ? ALL_BEGIN : UNRESOLVED_BEGIN,
  size = 50,
) => world.inTransaction((tx) => listAlerts(tx, actor, all, from, size));
/** The alerts that the requesting organisation sees. */
const own = ({ call }: Asked, all = false) => listed(call.actor, all);
const coordinator = callOf(monday, 'coordinator');
const acknowledges = (alertId: string, call = coordinator) =>
  world.inTransaction((tx) => alerts.acknowledge(tx, pack, alertId, call));
const resolves = (alertId: string, call = coordinator) =>
  world.inTransaction((tx) => alerts.resolve(tx, pack, alertId, call));
const refused = (refusal: string) => ({ kind: 'refused', refusal, field: 'alert_id' });
const withdraws = ({ referralId, call }: Asked) =>
  world.inTransaction((tx) =>
    requests.withdraw(tx, pack, referralId, { memberId: undefined, code: 'own-wish' }, call),
  );

describe('an alert', () => {
  it('is listed as soon as it is raised, with its owner and its deadline', async () => {
    const asked = await world.requestEmergency();
    expect(await own(asked)).toMatchObject([
      {
        referral_id: asked.referralId,
        offer_id: null,
        code: 'unplaced',
        owner_role: 'coordinator',
        level: 1,
        raised_at: monday,
        act_by: at(30),
        acknowledged: false,
      },
    ]);
  });

  it('names the offer that it is about', async () => {
    await world.setShelters(1);
    const { referralId, call } = await world.requestEmergency();
    const [offer] = (await world.stateOf(referralId)).offers;
    await withdraws({ referralId, call });
    await world.applyDecision(referralId, at(1), (referral, knowledge) =>
      serviceStarted(referral, offer?.offerId ?? '', at(1), knowledge),
    );
    expect(await own({ referralId, call })).toMatchObject([
      { offer_id: offer?.offerId, code: 'started-after-end' },
    ]);
  });

  it('rises one level and gets a new deadline when nobody acted', async () => {
    const asked = await world.requestEmergency();
    await world.passDeadlines(asked.referralId, at(29));
    expect(await own(asked)).toMatchObject([{ level: 1, act_by: at(30) }]);
    await world.passDeadlines(asked.referralId, at(30));
    const [raised] = await own(asked);
    expect(raised).toMatchObject({
      level: 2,
      act_by: after(at(30), pack.deadlines.alertRepeatMs),
      acknowledged: false,
    });
    await world.passDeadlines(asked.referralId, raised?.act_by as Instant);
    expect(await own(asked)).toMatchObject([{ level: 3 }]);
  });

  it('that was acknowledged stays listed and rises one level at its deadline until it is resolved', async () => {
    const asked = await world.requestEmergency();
    const alertId = (await own(asked))[0]?.alert_id ?? '';
    expect(await acknowledges(alertId)).toEqual({ kind: 'answer', response: { alertId } });
    expect(await own(asked)).toMatchObject([
      { alert_id: alertId, level: 1, acknowledged: true, resolved: false },
    ]);
    expect(await acknowledges(alertId)).toEqual(refused('already-acknowledged'));
    await world.passDeadlines(asked.referralId, at(30));
    expect(await own(asked)).toMatchObject([{ alert_id: alertId, level: 2, acknowledged: true }]);
    expect(await resolves(alertId)).toEqual({ kind: 'answer', response: { alertId } });
    expect(await own(asked)).toEqual([]);
    expect(await own(asked, true)).toMatchObject([
      { alert_id: alertId, acknowledged: true, resolved: true },
    ]);
    await world.passDeadlines(asked.referralId, at(300));
    expect(await own(asked, true)).toMatchObject([{ alert_id: alertId, level: 2 }]);
  });

  it('that is resolved can no longer be resolved or acknowledged', async () => {
    const asked = await world.requestEmergency();
    const alertId = (await own(asked))[0]?.alert_id ?? '';
    await resolves(alertId);
    expect(await resolves(alertId)).toEqual(refused('already-resolved'));
    expect(await acknowledges(alertId)).toEqual(refused('already-resolved'));
  });

  it('can be acknowledged and resolved only by the role of its owner', async () => {
    const asked = await world.requestEmergency();
    const alertId = (await own(asked))[0]?.alert_id ?? '';
    expect(await acknowledges(alertId, asked.call)).toEqual(refused('desk-not-held'));
    expect(await resolves(alertId, asked.call)).toEqual(refused('desk-not-held'));
    expect(await own(asked)).toMatchObject([
      { owner_role: 'coordinator', acknowledged: false, resolved: false },
    ]);
  });

  it('of a caseworker can be acknowledged and resolved only by a caseworker or first responder of the requesting organisation', async () => {
    const asked = await world.requestEmergency();
    await world.passDeadlines(asked.referralId, after(monday, days(2)));
    const theirs =
      (await own(asked)).find((one) => one.owner_role === 'caseworker')?.alert_id ?? '';
    const { organisation } = asked.call.actor;
    expect(await acknowledges(theirs)).toEqual(refused('desk-not-held'));
    expect(await acknowledges(theirs, callOf(monday, 'caseworker'))).toMatchObject({
      refusal: 'not-found',
    });
    expect(await acknowledges(theirs, callOf(monday, 'responder', organisation))).toMatchObject({
      kind: 'answer',
    });
    expect(await resolves(theirs, asked.call)).toMatchObject({ kind: 'answer' });
  });

  it('is resolved by the end of its referral, unless it was raised after that', async () => {
    await world.setShelters(1);
    const asked = await world.requestEmergency();
    const [offer] = (await world.stateOf(asked.referralId)).offers;
    await world.passDeadlines(asked.referralId, at(1));
    expect(await own(asked)).toMatchObject([{ code: 'unplaced' }]);
    await withdraws(asked);
    expect(await own(asked)).toEqual([]);
    const arrives = () =>
      world.applyDecision(asked.referralId, at(2), (referral, knowledge) =>
        serviceStarted(referral, offer?.offerId ?? '', at(2), knowledge),
      );
    await arrives();
    await arrives();
    const [late] = await own(asked);
    expect(late).toMatchObject({ code: 'started-after-end', acknowledged: false, level: 1 });
    await world.passDeadlines(asked.referralId, late?.act_by as Instant);
    expect(await own(asked)).toMatchObject([
      { code: 'started-after-end', level: 2, acknowledged: false },
    ]);
    expect((await own(asked, true)).map((alert) => alert.code).sort()).toEqual([
      'started-after-end',
      'unplaced',
    ]);
  });
});

describe('the list of alerts', () => {
  it('shows an organisation only its own, and the coordination desk those of all', async () => {
    const [one, two] = [await world.requestEmergency(), await world.requestEmergency()];
    expect((await own(one)).map((alert) => alert.referral_id)).toEqual([one.referralId]);
    expect(await listed(callOf(monday).actor)).toEqual([]);
    const all = (await listed(callOf(monday, 'coordinator').actor)).map(
      (alert) => alert.referral_id,
    );
    expect(all).toEqual(expect.arrayContaining([one.referralId, two.referralId]));
  });

  it('shows the coordination desk resolved alerts only where these are included', async () => {
    const asked = await world.requestEmergency();
    const alertId = (await own(asked))[0]?.alert_id ?? '';
    await resolves(alertId);
    const ids = async (all: boolean) =>
      (await listed(coordinator.actor, all, undefined, 200)).map((one) => one.alert_id);
    expect(await ids(false)).not.toContain(alertId);
    expect(await ids(true)).toContain(alertId);
  });

  it('starts with the earliest deadline, page by page', async () => {
    const coordinator = callOf(monday, 'coordinator').actor;
    await world.requestEmergency(at(9));
    await world.requestEmergency(at(3));
    const all = await listed(coordinator);
    expect(all.map((alert) => alert.act_by)).toEqual(
      all.map((alert) => alert.act_by).sort((a, b) => a - b),
    );
    const [first] = await listed(coordinator, false, UNRESOLVED_BEGIN, 1);
    const rest = await listed(coordinator, false, {
      at: first?.act_by ?? 0,
      id: first?.alert_id ?? '',
    });
    expect(rest).toEqual(all.slice(1));
  });

  it('does not reveal an alert to another organisation, which cannot act on it', async () => {
    const asked = await world.requestEmergency();
    const alertId = (await own(asked))[0]?.alert_id ?? '';
    const stranger = callOf(monday);
    expect(await acknowledges(alertId, stranger)).toMatchObject({
      kind: 'refused',
      refusal: 'not-found',
    });
    expect(await resolves(alertId, stranger)).toMatchObject({
      kind: 'refused',
      refusal: 'not-found',
    });
    expect(await acknowledges(randomUUID(), stranger)).toEqual(refused('not-found'));
    expect(await own(asked)).toMatchObject([{ acknowledged: false, resolved: false }]);
  });
});
