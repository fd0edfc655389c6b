import { randomUUID } from 'node:crypto';
import { type EventOf, topics } from '@opennrm/contracts/topics';
import { beginRebuild, headersOf, type Received, typeOf } from '@opennrm/messaging';
import { hours, type Instant, instant } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applySlice, releaseStream } from '../../../../packages/messaging/src/inbox/apply.ts';
import { fromVault } from '../inbound/consumed.ts';
import { isPermitted } from './permissions.ts';

const topic = topics.caseVaultForIdentificationIntake;
const noon: Instant = instant(Date.UTC(2026, 0, 5, 12));
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());
let offset = 0;
const message = (event: EventOf<typeof topic>, sequence: number): Received => ({
  topic: topic.name,
  partition: 0,
  offset: offset++,
  key: event.value.caseReference,
  headers: headersOf(topic.name, {
    id: randomUUID(),
    type: typeOf(topic, event.$case),
    at: noon,
    key: event.value.caseReference,
    sequence,
    epoch: 1,
  }),
  value: topic.encode(event),
});

it('an operator who gives up one unreadable message of a rebuild makes no ended permission valid again', async () => {
  const [caseReference, permissionId, denialId, authority] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  const grants = (organisationIds: string[]): EventOf<typeof topic> => ({
    $case: 'permissionGranted',
    value: {
      caseReference,
      permissionId,
      organisationIds,
      validFrom: new Date(noon),
      validUntil: new Date(noon + hours(24)),
    },
  });
  const denies = (organisationIds: string[]): EventOf<typeof topic> => ({
    $case: 'denialRecorded',
    value: { caseReference, denialId, organisationIds },
  });
  const all = [
    message({ $case: 'referenceRegistered', value: { caseReference } }, 1),
    message(grants([authority]), 2),
    { ...message(denies([]), 3), value: new Uint8Array([255]) }, // was given up before, too
    message(grants([]), 4), // the authority is no longer permitted
  ] as [Received, Received, Received, Received];
  const arrive = (...slice: Received[]) =>
    test.database.transaction((tx) =>
      applySlice(
        tx,
        fromVault,
        slice.map((one) => ({ ...one, offset: offset++ })),
        noon,
      ),
    );
  const skip = () =>
    test.database.transaction((tx) => releaseStream(tx, fromVault, caseReference, true, noon));
  const may = () =>
    test.database.transaction((tx) => isPermitted(tx, caseReference, authority, noon));
  await arrive(all[0], all[1], all[2]);
  await skip();
  await arrive(all[3]);
  expect(await may()).toBe(false);
  await test.database.transaction((tx) => beginRebuild(tx, topic.name));
  await arrive(all[0], all[1], all[2]);
  await skip(); // the fourth is still on its way
  expect(await may()).toBe(false);
});
