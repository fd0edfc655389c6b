import { randomUUID } from 'node:crypto';
import { Outcome } from '@opennrm/contracts/opennrm/identification_intake/v1/deciding.ts';
import { NoticeServiceClient } from '@opennrm/contracts/opennrm/identification_intake/v1/notice.ts';
import { asAdmin } from '@opennrm/infra/local';
import { call, connect, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { eventually } from '../world.ts';
import {
  deadlineOf,
  decideByOne,
  decideCase,
  draftCase,
  recordPermission,
  referCase,
  statusOf,
} from './cases.ts';
import type { TestCountry } from './country.ts';
import { fillForm } from './form.ts';
import { recoveryIsOver } from './states.ts';

const refusal = (asked: Promise<unknown>): Promise<string | undefined> =>
  asked.then(() => 'accepted', refusalOf);

export function formalProcess(country: () => TestCountry): void {
  it("goes from draft to status step by step, and bars the person's removal meanwhile", async () => {
    const { client, pack, world, authority } = country();
    const person = await referCase(country());
    for (const step of pack.identification.steps) {
      const now = await statusOf(country(), person);
      expect(now).toMatchObject({ stage: 'pending', step: step.code });
      expect(deadlineOf(now, step.code)?.state).toBe('running');
      if (step.notDuringRecovery) await recoveryIsOver(country(), person);
      await decideCase(country(), person, Outcome.POSITIVE);
    }
    const asked = { processId: person.processId, purpose: 'identification-decision' };
    const told = await call(
      client,
      'getIdentification',
      asked,
      await authority.as('competent-authority'),
    );
    expect(told.state?.stage).toBe('decided');
    expect(told.decisions.map(({ step, ruleVersion }) => [step, ruleVersion])).toEqual(
      pack.identification.steps.map(({ code }) => [code, pack.id]),
    );
    const caseworker = await world.responders.as('caseworker');
    const everything = { caseId: person.caseId, pageSize: 50, pageToken: '', forThePerson: false };
    await eventually(async () => {
      const { disclosures } = await call(world.vault, 'listDisclosures', everything, caseworker);
      expect(disclosures.map((one) => one.content)).toContain('identification');
    });
  });

  it('is confirmed by a second person who has read the proposal, and the person is notified', async () => {
    const { client, world, authority } = country();
    const [first, second] = [randomUUID(), randomUUID()];
    const person = await referCase(country());
    const { processId } = person;
    const reads = async (role: { token: string }) =>
      call(client, 'getIdentification', { processId, purpose: 'identification-decision' }, role);
    const officer = await authority.as('competent-authority', second);
    const responder = await world.responders.as('responder');
    const { decisionId } = await decideByOne(country(), person, Outcome.DISQUALIFIED, first);
    const proposed = await reads(officer);
    expect(proposed.proposal).toMatchObject({
      decisionId,
      outcome: Outcome.DISQUALIFIED,
      madeBy: first,
    });
    expect(proposed.proposal?.reasons).toEqual(['public-order']);
    expect(await reads(responder)).toMatchObject({
      proposal: undefined,
      markerId: person.markerId,
    });
    const confirms = (id: string) =>
      call(client, 'confirmDecision', { processId, decisionId: id, returnedBecause: '' }, officer);
    expect(await refusal(confirms(randomUUID()))).toBe('another-proposal');
    expect(await refusal(confirms(decisionId))).toBe('accepted');
    expect(deadlineOf(await statusOf(country(), person), 'notify-person')?.state).toBe('running');
    const told = {
      form: 'read-aloud',
      language: 'en',
      interpreterId: '',
      notifiedAt: new Date(world.now()),
    };
    await call(client, 'recordNotification', { processId, decisionId, ...told }, responder);
    const { decisions, state: now } = await reads(responder);
    expect(decisions).toMatchObject([
      { decisionId, notification: { form: 'read-aloud', language: 'en' } },
    ]);
    expect(deadlineOf(now, 'notify-person')).toBeUndefined();
  });

  it("needs an adult's permission, and notification first where the authority also enforces", async () => {
    const { client, world, enforcingAuthority } = country();
    const responder = await world.responders.as('responder');
    const person = await draftCase(country(), enforcingAuthority);
    await fillForm(country(), person);
    const submit = (personInformedOfPowers: boolean) =>
      call(
        client,
        'submitIdentification',
        { processId: person.processId, personInformedOfPowers },
        responder,
      );
    expect(await refusal(submit(true))).toBe('permission-needed');
    await recordPermission(country(), person.caseId, enforcingAuthority);
    await eventually(async () => expect(await refusal(submit(false))).toBe('person-not-informed'));
    expect(await refusal(submit(true))).toBe('accepted');
  });

  it('of an adult who does not wish it leaves a notice where the law asks for one, with what the law allows', async () => {
    const { pack, world, authority } = country();
    const client = connect(
      NoticeServiceClient,
      world.platform
        .service('identification-intake')
        .replicas.map((one) => one.grpcAddress)
        .join(','),
    );
    world.onJourneyEnd(async () => client.close());
    const responder = await world.responders.as('responder');
    const noticeId = randomUUID();
    const today = new Date(world.now()).toISOString().slice(0, 10);
    const notice = { noticeId, gender: 'female', nationality: 'xx', declinedOn: today };
    const records = (more: object = {}) =>
      call(client, 'recordNotice', { ...notice, ...more }, responder);
    if (!pack.identification.dutyToNotify.required) {
      expect(await refusal(records())).toBe('no-notice-required');
      return;
    }
    expect(await records()).toMatchObject({ noticeId, late: false });
    expect(await refusal(records())).toBe('already-exists');
    expect(await refusal(records({ noticeId: randomUUID(), declinedOn: '2099-01-01' }))).toBe(
      'in-the-future',
    );
    const page = { pageSize: 200, pageToken: '' };
    const all = await call(client, 'listNotices', page, await authority.as('competent-authority'));
    expect(all.notices.find((one) => one.noticeId === noticeId)).toMatchObject({
      gender: 'female',
      nationality: 'xx',
    });
    const stranger = await world.organisation().as('responder');
    expect((await call(client, 'listNotices', page, stranger)).notices).toEqual([]);
  });

  it('answers whether removal is barred, yes or no, for one certificate number at a time, and records the question', async () => {
    const { client, world, authority } = country();
    const person = await draftCase(country());
    const officer = await authority.as('competent-authority');
    const barred = (markerId: string) => call(client, 'isRemovalBarred', { markerId }, officer);
    expect(await barred(person.markerId)).toMatchObject({ barred: false });
    const hidden = call(
      client,
      'getIdentification',
      { processId: person.processId, purpose: 'statistics' },
      officer,
    );
    expect(await refusal(hidden)).toBe('not-found');
    expect(await barred((await referCase(country())).markerId)).toMatchObject({ barred: true });
    expect(await refusal(barred(randomUUID()))).toBe('not-found');
    const { rows } = await asAdmin(
      world.platform.service('identification-intake').ownerUrl,
      (owner) =>
        owner.query(
          `SELECT data->'barred' AS barred FROM journal WHERE type = 'RemovalBarChecked' ORDER BY position DESC LIMIT 2`,
        ),
    );
    expect(rows).toEqual([{ barred: true }, { barred: false }]);
    const caseworker = await world.responders.as('caseworker');
    const everything = { caseId: person.caseId, pageSize: 50, pageToken: '', forThePerson: false };
    await eventually(async () => {
      const { disclosures } = await call(world.vault, 'listDisclosures', everything, caseworker);
      expect(disclosures.map((one) => one.content)).toContain('removal');
    });
    const stranger = await world.organisation().as('caseworker');
    const foreign = call(
      client,
      'withdrawIdentification',
      { processId: person.processId },
      stranger,
    );
    expect(await refusal(foreign)).toBe('not-found');
  });
}
