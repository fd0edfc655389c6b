import { randomUUID } from 'node:crypto';
import { FIRST_ID } from '@opennrm/runtime';
import { after, hours } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf, noon, type Subject, vaultDatabase } from '../outbound/vault-database.fixture.ts';
import * as alerts from './alerts.ts';
import { onTimePasses } from './on-time-passes.ts';
import * as openings from './openings.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

const OPENED = 'file-opened-caseworker';

async function openedAtNight(): Promise<Subject> {
  const subject = await vault.opened();
  const ask = {
    openingId: randomUUID(),
    reason: 'life-at-risk',
    sections: ['health'],
    lifeAtRisk: true,
  };
  const way = { caseId: subject.caseId, holdId: undefined, personId: undefined };
  await vault.inTransaction((tx) =>
    openings.open(tx, vault.pack, { ...way, ...ask }, callOf(randomUUID())),
  );
  return subject;
}
const listed = async ({ caseId }: Subject, who: string, role: string) => {
  const first = { at: -1, caseId: FIRST_ID, code: '', about: '' };
  const rows = await vault.inTransaction((tx) =>
    alerts.list(tx, vault.pack, first, 200, callOf(who, noon, role)),
  );
  return rows
    .filter((row) => row.case_id === caseId)
    .map(({ code, about, acknowledged }) => ({ code, about, acknowledged }));
};

it('a first responder whose organisation has nobody else hears that its file was opened, and acts on it', async () => {
  const subject = await openedAtNight();
  const { caseId, owner } = subject;
  const [alert] = await listed(subject, owner, 'responder');
  expect(alert?.code).toBe('file-opened-caseworker');
  const named = { caseId, code: alert?.code ?? '', about: alert?.about ?? '' };
  const acts = (act: typeof alerts.acknowledge, who: string, role = 'responder') =>
    vault.inTransaction((tx) => act(tx, vault.pack, named, callOf(who, noon, role)));
  for (const act of [alerts.acknowledge, alerts.resolve]) {
    expect(await acts(act, randomUUID())).toMatchObject({ refusal: 'not-found' });
    expect(await acts(act, owner, 'coordinator')).toMatchObject({ refusal: 'not-found' });
  }
  expect((await acts(alerts.acknowledge, owner)).kind).toBe('answer');
  expect(await listed(subject, owner, 'caseworker')).toEqual([{ ...alert, acknowledged: true }]);
  expect((await acts(alerts.resolve, owner)).kind).toBe('answer');
  expect(await listed(subject, owner, 'caseworker')).toEqual([]);
  expect(await acts(alerts.resolve, owner)).toMatchObject({ refusal: 'not-found' });
});

it('an alert that was acknowledged and not resolved is told again the next day; one that is resolved never', async () => {
  const subject = await openedAtNight();
  const { caseId, owner } = subject;
  const open = async () =>
    (await listed(subject, owner, 'caseworker')).filter(({ code }) => code === OPENED);
  const { about = '' } = (await open())[0] ?? {};
  const acts = (act: typeof alerts.acknowledge, hour: number) =>
    vault.inTransaction((tx) =>
      act(
        tx,
        vault.pack,
        { caseId, code: OPENED, about },
        callOf(owner, after(noon, hours(hour)), 'caseworker'),
      ),
    );
  const passes = (hour: number) =>
    vault.inTransaction((tx) => onTimePasses(vault.pack)(tx, caseId, after(noon, hours(hour))));
  await acts(alerts.acknowledge, 0);
  expect(await open()).toMatchObject([{ acknowledged: true }]);
  await passes(25);
  expect(await open()).toMatchObject([{ acknowledged: false }]);
  await acts(alerts.acknowledge, 26);
  await acts(alerts.resolve, 27);
  await passes(80);
  expect(await open()).toEqual([]);
});

it('the officer of the country hears it of every file, and one of another organisation of none', async () => {
  const subject = await openedAtNight();
  const heard = async (who: string) =>
    (await listed(subject, who, 'data-protection-officer')).map(({ code }) => code);
  expect(await heard(vault.bodyOf('data-protection-officer'))).toEqual([
    'file-opened-data-protection-officer',
  ]);
  expect(await heard(randomUUID())).toEqual([]);
});

it('a first responder of another organisation hears nothing, and never what is the officer’s', async () => {
  const subject = await openedAtNight();
  expect(await listed(subject, randomUUID(), 'responder')).toEqual([]);
  expect((await listed(subject, subject.owner, 'responder')).map(({ code }) => code)).not.toContain(
    'file-opened-data-protection-officer',
  );
});
