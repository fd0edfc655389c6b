import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { everyRecord } from '../../infra/demo/promises/topics.ts';
import { consentDetails, recordPermission } from './consent/consent-details.ts';
import { arrange, readAddress, recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { rows } from './state.ts';
import { eventually, untilOffered, untilState, type World } from './world.ts';

/** Invented personal data with rare words, so that a search finds each leak. */
const canaryPerson = {
  identity: 'Zafrune Oldemblick, called Zaffi',
  contact: 'zafrune.oldemblick@example.invalid',
  story: 'kept in a cellar by a man called Brumquist',
  note: 'fears the Brumquist family',
  address: 'Wolkenquerstrasse 77',
};
const RARE = ['Zafrune', 'Oldemblick', 'Zaffi', 'Brumquist', 'Wolkenquer'];

export function canary(world: () => World): void {
  it('no personal data of an invented person is in any topic, log, metric, trace, error, journal or database outside the vault, nor unencrypted inside it', async () => {
    const errors = await travel(world());
    expect(leaks('the errors', errors.join('\n'))).toEqual([]);
    const found: string[] = [];
    for (const { name, ...service } of world().platform.services) {
      found.push(...leaks(`database of ${name}`, await dump(world(), name)));
      found.push(...leaks(`log of ${name}`, await readFile(service.process.logFile, 'utf8')));
      found.push(
        ...leaks(`metrics of ${name}`, await (await fetch(`${service.healthUrl}/metrics`)).text()),
      );
    }
    const records = await everyRecord(world().platform.kafka.brokers);
    expect(records.length).toBeGreaterThan(10);
    for (const { topic, text } of records) found.push(...leaks(`topic ${topic}`, text));
    await eventually(() => expect(world().traces()).toContain('RecordArrival'));
    found.push(...leaks('the traces', world().traces()));
    expect(found).toEqual([]);
  });

  it('no trace joins two services, and no message carries the id of a trace', async () => {
    const services = new Map<string, Set<string>>();
    for (const batch of world().traces().split('{"resourceSpans"')) {
      const name = /"service\.name","value":\{"stringValue":"([^"]+)"/.exec(batch)?.[1] ?? '';
      for (const [, trace = ''] of batch.matchAll(/"traceId":"([0-9a-f]{32})"/g))
        services.set(trace, (services.get(trace) ?? new Set()).add(name));
    }
    expect(new Set([...services.values()].flatMap((names) => [...names])).size).toBeGreaterThan(2);
    expect([...services.values()].filter((names) => names.size > 1)).toEqual([]);
    expect(services.size).toBeGreaterThan(10);
    const records = await everyRecord(world().platform.kafka.brokers);
    // An id can begin at every position, also inside a longer run of digits.
    const ids = records.flatMap(({ text }) =>
      Array.from(text.matchAll(/(?=([0-9a-f]{32}))/g), ([, id = '']) => id),
    );
    expect(ids.filter((id) => services.has(id))).toEqual([]);
  });
}

/** Searches for plain text, for hex (how bytes are dumped) and for Base64. */
const leaks = (where: string, text: string): string[] =>
  RARE.flatMap((word) => [
    word,
    Buffer.from(word).toString('hex'),
    Buffer.from(word).toString('base64').replace(/=+$/, '').slice(0, -1),
  ])
    .filter((form) => text.toLowerCase().includes(form.toLowerCase()))
    .map((form) => `${where} holds ${form}`);

async function dump(world: World, service: string): Promise<string> {
  const tables = await rows<{ name: string }>(
    world,
    service,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const parts = await Promise.all(
    tables.map(({ name }) =>
      rows<{ row: string }>(world, service, `SELECT to_jsonb(t)::text AS row FROM "${name}" t`),
    ),
  );
  return parts
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

/** The whole process: file, permission, offer, place, journey, arrival, reading; then calls with personal data in the wrong field. */
async function travel(world: World): Promise<string[]> {
  const { responders } = world;
  const caseworker = await responders.as('caseworker');
  const caseId = randomUUID();
  const { references } = await call(
    world.vault,
    'openCase',
    { caseId, services: ['referral'], need: 'safe-accommodation' },
    caseworker,
  );
  for (const section of ['identity', 'contact', 'story'] as const)
    await call(
      world.vault,
      'writeSection',
      { caseId, section, corrects: '', content: canaryPerson[section] },
      caseworker,
    );
  const noteId = randomUUID();
  await call(
    world.vault,
    'writeNote',
    { caseId, holdId: '', personId: '', noteId, safety: '', content: canaryPerson.note },
    caseworker,
  );
  const shelter = await openShelter(world, { addressLine: canaryPerson.address });
  await recordPermission(world, caseId);
  const reference = references[0]?.reference ?? '';
  await world.advanceTime(1_000);
  const person = await request(world, {
    urgency: Urgency.URGENT,
    basis: '',
    caseReferences: [reference],
  });
  const { offerId } = await untilOffered(world, shelter);
  const staff = await shelter.as('provider-staff');
  await call(world.referral, 'acceptOffer', { offerId }, staff);
  await untilState(world, person.referralId, 'awaiting-person');
  await recordAnswers(world, person, true);
  await arrange(world, person);
  expect(await readAddress(world, offerId)).toBe(canaryPerson.address);
  await call(world.shelters, 'recordArrival', { holdId: offerId }, staff);
  const wish = {
    caseId: '',
    holdId: offerId,
    section: 'identity',
    purpose: 'accommodation',
    personId: '',
    person: 0,
    version: 0,
  };
  await eventually(async () =>
    expect((await call(world.vault, 'readSection', wish, staff)).content).toBe(
      canaryPerson.identity,
    ),
  );
  expect(
    (await call(world.vault, 'readNote', { noteId, purpose: 'accommodation' }, caseworker)).content,
  ).toBe(canaryPerson.note);
  const errors = await mistakes(world, caseId, person.referralId, offerId);
  return errors;
}

async function mistakes(
  world: World,
  caseId: string,
  referralId: string,
  offerId: string,
): Promise<string[]> {
  const { identity, story } = canaryPerson;
  const caseworker = await world.responders.as('caseworker');
  const wrong: Promise<unknown>[] = [
    call(world.referral, 'getReferral', { referralId: identity }, caseworker),
    call(world.referral, 'withdrawReferral', { referralId, memberId: '', code: story }, caseworker),
    call(world.referral, 'logCallAttempt', { offerId, code: identity }, caseworker),
    call(
      world.vault,
      'writeSection',
      { caseId, section: identity, corrects: '', content: story },
      caseworker,
    ),
    call(
      world.vault,
      'writeNote',
      {
        caseId: identity,
        holdId: '',
        personId: '',
        noteId: randomUUID(),
        safety: '',
        content: story,
      },
      caseworker,
    ),
    call(
      world.vault,
      'writeSection',
      { caseId: randomUUID(), section: 'story', corrects: '', content: story },
      caseworker,
    ),
    call(world.persons, 'recordAge', { caseId, age: story, birthDate: identity }, caseworker),
    call(
      world.persons,
      'setSafeContact',
      {
        caseId,
        rules: [{ channel: story, from: identity, until: '10:00', mayLeaveMessage: false }],
      },
      caseworker,
    ),
    call(world.consents, 'getReceipt', { caseId, recordId: story }, caseworker),
    call(
      world.safeguards,
      'breakGlass',
      {
        caseId,
        holdId: '',
        personId: '',
        openingId: identity,
        reason: story,
        sections: [story],
        lifeAtRisk: true,
      },
      caseworker,
    ),
    call(
      world.consents,
      'recordDenial',
      {
        caseId,
        denialId: randomUUID(),
        purpose: story,
        sections: [identity],
        serviceClasses: [story],
        organisationIds: [identity],
        ...consentDetails(),
        form: story,
        language: identity,
        explained: [story],
      },
      caseworker,
    ),
    call(world.referral, 'getReferral', { referralId }, { ...caseworker, token: identity }),
    call(
      world.referral,
      'withdrawReferral',
      { referralId, memberId: '', code: 'own-wish' },
      { ...caseworker, key: identity },
    ),
  ];
  const outcomes = await Promise.allSettled(wrong);
  return outcomes.map((one) =>
    one.status === 'rejected'
      ? JSON.stringify({ ...one.reason, message: (one.reason as Error).message })
      : 'this was not refused',
  );
}
