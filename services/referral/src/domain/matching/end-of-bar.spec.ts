import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { declineOffer } from '../answers.ts';
import { holdRefused } from '../offering.ts';
import { pack, service } from '../saga.fixture.ts';
import {
  minutesPass,
  offerIdOf,
  providerAccepts,
  providerHolds,
  requestScenario,
  type Scenario,
  when,
} from '../scenario.fixture.ts';
import { nextEndOfBar } from './bars.ts';

const first = service('by-offer');
const refused = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) => holdRefused(r, offerIdOf(scenario), 'not-possible-here', k));

it('an unplaced referral searches again when the next bar ends by time', () => {
  const open = providerHolds(requestScenario([first]));
  const no = when(open, (r, k) =>
    declineOffer(r, offerIdOf(open), { code: 'other', noteId: undefined }, k),
  );
  expect(no.referral.stage.name).toBe('unplaced');
  const nearly = minutesPass(no, 7 * 24 * 60 - 60);
  expect(nearly.referral.stage).toMatchObject({
    name: 'unplaced',
    until: after(no.now, 7 * 24 * 3_600_000),
  });
  expect(minutesPass(nearly, 60).types).toContain('ServiceAsked');
});

describe('the next end of a bar by time', () => {
  const next = ({ referral, now }: Scenario, codes = pack.declineCodes) =>
    nextEndOfBar(referral, now, { ...pack, declineCodes: codes });
  const declined = (code: string): Scenario => {
    const open = providerHolds(requestScenario([first]));
    return when(open, (r, k) => declineOffer(r, offerIdOf(open), { code, noteId: undefined }, k));
  };

  it('is that of a service that did not answer a request for a hold', () => {
    const silent = minutesPass(requestScenario([first]), 1);
    expect(next(silent)).toBe(
      after(silent.referral.offers[0]?.endedAt ?? silent.now, pack.deadlines.holdingMs),
    );
  });

  it('is that of a place whose confirmation was not answered', () => {
    const lost = minutesPass(
      providerAccepts(providerHolds(requestScenario([first]))),
      pack.deadlines.confirmingMs / 60_000,
    );
    expect(lost.referral.offers.map(({ status }) => status)).toEqual(['lost']);
    expect(next(lost)).toBe(after(lost.now, pack.deadlines.holdingMs));
  });

  it('is undefined from that time on', () => {
    const silent = minutesPass(requestScenario([first]), 1);
    expect(next({ ...silent, now: next(silent) ?? silent.now })).toBeUndefined();
  });

  it('is that of a decline that bars for some days', () => {
    const no = declined('other');
    const bar = pack.declineCodes.find(({ code }) => code === 'other')?.bar;
    expect(next(no)).toBe(after(no.now, bar?.kind === 'for-a-time' ? bar.ms : Number.NaN));
  });

  it('is undefined where a service has no free unit, is full, or gave a code that the country pack no longer has', () => {
    expect(next(refused(requestScenario([first])))).toBeUndefined();
    expect(next(declined('full'))).toBeUndefined();
    expect(next(declined('other'), [])).toBeUndefined();
  });

  it('ignores an offer that ended in another way', () => {
    const closed = minutesPass(providerHolds(requestScenario([first])), 24 * 60);
    const [offer] = closed.referral.offers;
    if (!offer) throw new Error('an offer');
    expect(
      next({ ...closed, referral: { ...closed.referral, offers: [{ ...offer, code: 'other' }] } }),
    ).toBeUndefined();
  });
});
