import { after, type Instant, minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { acceptOffer, declineOffer } from '../answers.ts';
import { unitUnavailable } from '../confirming.ts';
import { holdRefused } from '../offering.ts';
import { override } from '../override.ts';
import { amendNeed } from '../request.ts';
import { mint, need, pack, service } from '../saga.fixture.ts';
import {
  awaitingPerson,
  minutesPass,
  offerIdOf,
  personAnswers,
  providerAccepts,
  providerConfirms,
  providerHolds,
  requestScenario,
  type Scenario,
  when,
} from '../scenario.fixture.ts';
import { withdrawReferral } from '../withdrawal.ts';
import { nextEndOfBar } from './bars.ts';
import type { RuleCode } from './candidate.ts';
import { judge } from './eligibility.ts';
import type { CapacityHint, Service } from './service.ts';

const [first, second] = [service('by-offer'), service('by-offer')];
const both: readonly Service[] = [first, second];

/** The rules that fail now for the service that was asked first. */
function verdict({ referral, now, bases }: Scenario, hint?: CapacityHint): RuleCode[] {
  const asked = both.find((one) => one.serviceId === referral.offers[0]?.serviceId) ?? first;
  return judge({ referral, bases, pack, now }, { ...asked, hint }).failed;
}

const freed = (increasedAt: Instant, increasedByHold?: string): CapacityHint => ({
  free: 1,
  asOf: increasedAt,
  increasedAt,
  increasedByHold: increasedByHold as CapacityHint['increasedByHold'],
});
const refused = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) => holdRefused(r, offerIdOf(scenario), 'not-possible-here', k));
const anotherRound = (scenario: Scenario): Scenario =>
  when(scenario, (r, k) =>
    override(r, { action: 'open-another-round', code: 'x', serviceId: undefined }, k),
  );
const later = (scenario: Scenario, by = 1): Scenario => ({
  ...scenario,
  now: after(scenario.now, minutes(by)),
});

describe('the bar DECLINED_RECENTLY', () => {
  it('counts from the decline, not from the offer', () => {
    const bar = pack.declineCodes.find(({ code }) => code === 'other')?.bar;
    const ms = bar?.kind === 'for-a-time' ? bar.ms : Number.NaN;
    const asked = providerHolds(requestScenario(both));
    const no = when(
      asked,
      (r, k) => declineOffer(r, offerIdOf(asked), { code: 'other', noteId: undefined }, k),
      50,
    );
    expect(verdict({ ...no, now: after(asked.now, ms + 1) })).toEqual(['DECLINED_RECENTLY']);
    expect(verdict({ ...no, now: after(no.now, ms) })).toEqual([]);
  });
});

it('a decline with a code that the country pack no longer has bars until another round', () => {
  const asked = providerHolds(requestScenario(both));
  const no = when(asked, (r, k) =>
    declineOffer(r, offerIdOf(asked), { code: 'full', noteId: undefined }, k),
  );
  const service = both.find((one) => one.serviceId === no.referral.offers[0]?.serviceId) ?? first;
  const withoutCodes = { ...pack, declineCodes: [] };
  const failed = ({ referral, now, bases }: Scenario) =>
    judge({ referral, bases, pack: withoutCodes, now }, service).failed;
  expect(failed(no)).toEqual(['DECLINED_RECENTLY']);
  expect(failed({ ...no, referral: { ...no.referral, round: no.referral.round + 1 } })).toEqual([]);
});

describe('the bar NOT_POSSIBLE_HERE', () => {
  it('applies to a service that refused a hold, whatever the cause', () =>
    expect(verdict(refused(requestScenario(both)))).toEqual(['NOT_POSSIBLE_HERE']));

  it('applies to a service that lost the place that it had confirmed', () => {
    const placed = awaitingPerson(both);
    const lost = when(placed, (r, k) => unitUnavailable(r, offerIdOf(placed), 'site-closed', k));
    expect(verdict(lost)).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('applies to a service that did not answer a request for a hold', () =>
    expect(verdict(minutesPass(requestScenario(both), 1))).toEqual(['NOT_POSSIBLE_HERE']));

  it('ends for a provider that did not answer when it reports again, even if only its late hold became free', () => {
    const silent = minutesPass(requestScenario(both), 1);
    const reported = freed(later(silent).now, offerIdOf(silent));
    expect(verdict(silent, freed(silent.now, offerIdOf(silent)))).toEqual(['NOT_POSSIBLE_HERE']);
    expect(verdict(later(silent), reported)).toEqual([]);
    const tooSoon = { ...silent, now: after(silent.now, pack.deadlines.holdingMs - 1) };
    expect(verdict(tooSoon, reported)).toEqual(['NOT_POSSIBLE_HERE']);
    expect(verdict(later(silent), { ...reported, asOf: silent.now })).toEqual([
      'NOT_POSSIBLE_HERE',
    ]);
  });

  it('of a service that did not answer ends when the time that it had to answer has passed once more', () => {
    const silent = minutesPass(requestScenario(both), 1);
    const justThen = { ...silent, now: after(silent.now, pack.deadlines.holdingMs) };
    expect(verdict(justThen, freed(justThen.now, offerIdOf(silent)))).toEqual([]);
  });

  it('does not end by units that became free after the question and before the refusal', () => {
    const asked = requestScenario(both);
    const between = later(asked).now;
    const no = refused(later(asked, 2));
    expect(verdict(later(no), freed(between))).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('ends when units become free there afterwards, and not by units that became free before', () => {
    const no = refused(requestScenario(both));
    expect(verdict(later(no), freed(later(no).now))).toEqual([]);
    expect(verdict(later(no), freed(no.now))).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('does not end by a unit that this referral released, but by one of another hold', () => {
    const no = refused(requestScenario(both));
    const { now } = later(no);
    expect(verdict(later(no), freed(now, offerIdOf(no)))).toEqual(['NOT_POSSIBLE_HERE']);
    expect(verdict(later(no), freed(now, mint()))).toEqual([]);
  });

  it('ends with the round: a coordinator may have every service asked again', () => {
    const no = refused(requestScenario(both));
    expect(verdict(anotherRound(no))).toEqual(['ALREADY_ASKED']);
    expect(anotherRound(no).types).toContain('ServiceAsked');
  });
});

describe('the bar NOT_POSSIBLE_HERE for another question', () => {
  const refusedAgain = (scenario: Scenario): Scenario =>
    when(scenario, (r, k) => holdRefused(r, offerIdOf(scenario, 1), 'not-possible-here', k));

  it('ends with a new version of the need: the service that refused is asked again', () => {
    const amended = when(refused(requestScenario([first])), (r, k) =>
      amendNeed(r, { ...need, languages: ['de'] }, k),
    );
    expect(amended.types).toEqual(['NeedAmended', 'SearchDecided', 'ServiceAsked']);
    expect(verdict(refusedAgain(amended))).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('ends where a service that could not take two people is asked for one', () => {
    const two = refused(requestScenario([first], { party: ['no', 'no'] }));
    const left = when(two, (r, k) =>
      withdrawReferral(r, { memberId: r.party[0]?.memberId, code: 'own-wish' }, k),
    );
    expect(left.types).toEqual(['MemberLeft', 'AlertRaised', 'SearchDecided', 'ServiceAsked']);
    expect(verdict(refusedAgain(left))).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('ends also where the refusal comes after a member left', () => {
    const two = requestScenario([first], { party: ['no', 'no'] });
    const left = when(two, (r, k) =>
      withdrawReferral(r, { memberId: r.party[0]?.memberId, code: 'own-wish' }, k),
    );
    expect(refused(left).types).toEqual(['ServiceNotPossible', 'SearchDecided', 'ServiceAsked']);
  });
});

describe('a contracted place that its service declined for safety', () => {
  const contracted = service('direct');
  const placed = providerConfirms(providerHolds(requestScenario([contracted])));
  const objected = when(placed, (r, k) =>
    declineOffer(r, offerIdOf(placed), { code: 'safety-concern', noteId: undefined }, k),
  );
  const after30Days = { ...objected, now: after(objected.now, 30 * 24 * 3_600_000) };
  const failed = ({ referral, now, bases }: Scenario, hint?: CapacityHint) =>
    judge({ referral, bases, pack, now }, { ...contracted, hint }).failed;

  it('bars the service as a decline would, also when a unit becomes free there', () => {
    expect(failed(later(objected), freed(later(objected).now))).toEqual(['DECLINED_RECENTLY']);
    expect(failed(after30Days)).toEqual([]);
    expect(nextEndOfBar(objected.referral, objected.now, pack)).toBe(after30Days.now);
  });
});

describe('the bar ALREADY_ASKED', () => {
  it.each<[state: string, begin: () => Scenario]>([
    ['is asked for a hold', () => requestScenario(both)],
    ['has an open offer', () => providerHolds(requestScenario(both))],
    [
      'has an offer whose soft deadline passed',
      () => minutesPass(providerHolds(requestScenario([first])), 60),
    ],
    ['is to confirm', () => providerAccepts(providerHolds(requestScenario(both)))],
    [
      'has confirmed',
      () => providerConfirms(providerAccepts(providerHolds(requestScenario(both)))),
    ],
  ])('applies to a service that %s', (_state, scenario) =>
    expect(verdict(scenario())).toEqual(['ALREADY_ASKED']),
  );

  it('applies to a service on standby', () => {
    const onStandby = providerAccepts(awaitingPerson(both), 1);
    const other =
      both.find((one) => one.serviceId === onStandby.referral.offers[1]?.serviceId) ?? second;
    const { referral, bases, now } = onStandby;
    expect(judge({ referral, bases, pack, now }, other).failed).toEqual(['ALREADY_ASKED']);
  });

  it('does not end by capacity nor by a new round while the offer can still be answered', () => {
    const open = providerHolds(requestScenario(both));
    expect(verdict(later(open), freed(later(open).now))).toEqual(['ALREADY_ASKED']);
    expect(verdict(anotherRound(open))).toEqual(['ALREADY_ASKED']);
  });

  it('applies to a service whose offer closed without an answer, until another round', () => {
    const closed = minutesPass(providerHolds(requestScenario([first])), 24 * 60);
    expect(closed.referral.offers[0]?.status).toBe('closed');
    expect(verdict(closed)).toEqual(['ALREADY_ASKED']);
    const again = anotherRound(closed);
    expect(again.types).toEqual(['RuleOverridden', 'RoundOpened', 'SearchDecided', 'ServiceAsked']);
  });

  it('ends when the offer was withdrawn: the service never declined', () => {
    const placed = personAnswers(awaitingPerson(both), true);
    const anew = when({ ...placed, services: [] }, (r, k) =>
      override(r, { action: 'restart-search', code: 'local-knowledge', serviceId: undefined }, k),
    );
    expect(verdict(anew)).toEqual([]);
  });
});

describe('the last offer to a service', () => {
  it('alone decides its bar', () => {
    const again = providerHolds(anotherRound(refused(requestScenario([first]))), 1);
    const full = when(again, (r, k) =>
      declineOffer(r, offerIdOf(again, 1), { code: 'full', noteId: undefined }, k),
    );
    expect(verdict(full)).toEqual(['DECLINED_RECENTLY']);
  });

  it("does not end the bar of the person's own decline, and neither does a new round", () => {
    const no = personAnswers(
      providerConfirms(
        when(providerHolds(requestScenario([first])), (r, k) =>
          acceptOffer(r, r.offers[0]?.offerId ?? '', k),
        ),
      ),
      false,
    );
    expect(verdict(no)).toEqual(['PERSON_DECLINED']);
    expect(verdict(anotherRound(no))).toEqual(['PERSON_DECLINED']);
    const otherNeed = when(no, (r, k) =>
      amendNeed(r, { ...need, languages: ['de'] }, { ...k, servicesFor: () => [] }),
    );
    expect(verdict(otherNeed)).toEqual([]);
  });
});
