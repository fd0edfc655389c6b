import type { Transaction } from '@opennrm/runtime';
import { beforeEach, expect, it } from 'vitest';
import { OfferChanges } from './offer-changes.ts';

const POLL_MS = 60_000;
const [shelter, other] = ['a shelter', 'another shelter'];

const transaction = (): Transaction => ({}) as Transaction; // this spec reads no database

let changes: OfferChanges;
let notified: string[];
beforeEach(() => {
  [changes, notified] = [new OfferChanges(), []];
});

async function waitIn(organisation: string, count: number): Promise<void> {
  await changes.waitForChange(organisation, count, POLL_MS, new AbortController().signal);
  notified.push(organisation);
}

it('the stream of an organisation is notified when the transaction that wrote its offer is committed', async () => {
  const tx = transaction();
  const waiting = waitIn(shelter, changes.count(shelter));
  changes.markChanged(tx, shelter);
  expect(notified).toEqual([]);
  changes.notifyStreams(tx);
  await waiting;
  expect(notified).toEqual([shelter]);
});

it('the commit of another transaction, and the second one of the same, notify nobody', async () => {
  const [tx, without] = [transaction(), transaction()];
  changes.markChanged(tx, shelter);
  changes.notifyStreams(without);
  expect(changes.count(shelter)).toBe(0);
  changes.notifyStreams(tx);
  changes.notifyStreams(tx);
  expect(changes.count(shelter)).toBe(1);
  expect(changes.count(other)).toBe(0);
});

it('a change that is committed while a stream reads is not missed', async () => {
  const tx = transaction();
  const before = changes.count(shelter);
  changes.markChanged(tx, shelter);
  changes.notifyStreams(tx);
  await waitIn(shelter, before);
  expect(notified).toEqual([shelter]);
});

it('a stream that ends waits no longer', async () => {
  const leaving = new AbortController();
  const waiting = changes.waitForChange(shelter, 0, POLL_MS, leaving.signal);
  leaving.abort();
  await waiting;
  await changes.waitForChange(shelter, 0, POLL_MS, leaving.signal);
});
