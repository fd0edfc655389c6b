import { after, type Instant, minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { acceptOffer, declineOffer } from '../answers.ts';
import { bedNotAvailable } from '../confirming.ts';
import { holdRefused } from '../offering.ts';
import { override } from '../override.ts';
import { amendNeed } from '../request.ts';
import { mint, need, pack, service } from '../saga.fixture.ts';
import { awaitingPerson, begin, held, id, passes, promised, says, type Walk, when, yes } from '../walk.fixture.ts';
import { withdrawReferral } from '../withdrawal.ts';
import { nextEndOfBar } from './bars.ts';
import type { RuleCode } from './candidate.ts';
import { judge } from './eligibility.ts';
import type { CapacityHint, Service } from './service.ts';

const [first, second] = [service('by-offer'), service('by-offer')];
const both: readonly Service[] = [first, second];

/** What the rules say now of the service that was asked first. */
function verdict({ referral, now, bases }: Walk, hint?: CapacityHint): RuleCode[] {
  const asked = both.find((one) => one.serviceId === referral.offers[0]?.serviceId) ?? first;
  return judge({ referral, bases, pack, now }, { ...asked, hint }).failed;
}

const freed = (roseAt: Instant, roseBy?: string): CapacityHint => ({
  ...{ free: 1, asOf: roseAt, roseAt, roseBy: roseBy as CapacityHint['roseBy'] },
});
const refused = (walk: Walk): Walk => when(walk, (r, k) => holdRefused(r, id(walk), 'not-possible-here', k));
const anotherRound = (walk: Walk): Walk =>
  when(walk, (r, k) => override(r, { action: 'open-another-round', code: 'x', serviceId: undefined }, k));
const later = (walk: Walk, by = 1): Walk => ({ ...walk, now: after(walk.now, minutes(by)) });

describe('DECLINED_RECENTLY', () => {
  it('counts from the no, and not from the question', () => {
    const bar = pack.declineCodes.find(({ code }) => code === 'other')?.bar;
    const ms = bar?.kind === 'recently' ? bar.ms : Number.NaN;
    const asked = held(begin(both));
    const no = when(asked, (r, k) => declineOffer(r, id(asked), { code: 'other', noteId: undefined }, k), 50);
    expect(verdict({ ...no, now: after(asked.now, ms + 1) })).toEqual(['DECLINED_RECENTLY']);
    expect(verdict({ ...no, now: after(no.now, ms) })).toEqual([]);
  });
});

it('a decline with a code that the country does not have any more bars until another round', () => {
  const asked = held(begin(both));
  const no = when(asked, (r, k) => declineOffer(r, id(asked), { code: 'full', noteId: undefined }, k));
  const service = both.find((one) => one.serviceId === no.referral.offers[0]?.serviceId) ?? first;
  const withoutCodes = { ...pack, declineCodes: [] };
  const failed = ({ referral, now, bases }: Walk) =>
    judge({ referral, bases, pack: withoutCodes, now }, service).failed;
  expect(failed(no)).toEqual(['DECLINED_RECENTLY']);
  expect(failed({ ...no, referral: { ...no.referral, round: no.referral.round + 1 } })).toEqual([]);
});

describe('NOT_POSSIBLE_HERE', () => {
  it('bars a service that refused to hold, whatever its cause', () =>
    expect(verdict(refused(begin(both)))).toEqual(['NOT_POSSIBLE_HERE']));

  it('bars one that lost the place that it had promised', () => {
    const placed = awaitingPerson(both);
    const lost = when(placed, (r, k) => bedNotAvailable(r, id(placed), 'site-closed', k));
    expect(verdict(lost)).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('bars one that did not answer whether it holds', () =>
    expect(verdict(passes(begin(both), 1))).toEqual(['NOT_POSSIBLE_HERE']));

  it('ends for one that did not answer in time once it is heard again, though nothing became free but the late hold itself', () => {
    const silent = passes(begin(both), 1);
    const heard = freed(later(silent).now, id(silent));
    expect(verdict(silent, freed(silent.now, id(silent)))).toEqual(['NOT_POSSIBLE_HERE']);
    expect(verdict(later(silent), heard)).toEqual([]);
    const tooSoon = { ...silent, now: after(silent.now, pack.clocks.holdingMs - 1) };
    expect(verdict(tooSoon, heard)).toEqual(['NOT_POSSIBLE_HERE']);
    expect(verdict(later(silent), { ...heard, asOf: silent.now })).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('of one that did not answer ends exactly after as long as it had to answer', () => {
    const silent = passes(begin(both), 1);
    const justThen = { ...silent, now: after(silent.now, pack.clocks.holdingMs) };
    expect(verdict(justThen, freed(justThen.now, id(silent)))).toEqual([]);
  });

  it('does not end by units that became free after the question and before the no', () => {
    const asked = begin(both);
    const between = later(asked).now;
    const no = refused(later(asked, 2));
    expect(verdict(later(no), freed(between))).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('ends when units become free there afterwards, and not by what became free before', () => {
    const no = refused(begin(both));
    expect(verdict(later(no), freed(later(no).now))).toEqual([]);
    expect(verdict(later(no), freed(no.now))).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('does not end by a unit that the referral itself gave back, but by somebody else’s', () => {
    const no = refused(begin(both));
    const { now } = later(no);
    expect(verdict(later(no), freed(now, id(no)))).toEqual(['NOT_POSSIBLE_HERE']);
    expect(verdict(later(no), freed(now, mint()))).toEqual([]);
  });

  it('ends with the round: a coordinator may have everyone asked again', () => {
    const no = refused(begin(both));
    expect(verdict(anotherRound(no))).toEqual(['ALREADY_ASKED']);
    expect(anotherRound(no).types).toContain('ServiceAsked');
  });
});

describe('NOT_POSSIBLE_HERE ends with what was asked', () => {
  const refusedAgain = (walk: Walk): Walk => when(walk, (r, k) => holdRefused(r, id(walk, 1), 'not-possible-here', k));

  it('a new version of the need is another question: the service that refused is asked again', () => {
    const amended = when(refused(begin([first])), (r, k) => amendNeed(r, { ...need, languages: ['de'] }, k));
    expect(amended.types).toEqual(['NeedAmended', 'SearchDecided', 'ServiceAsked']);
    expect(verdict(refusedAgain(amended))).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('a place for one may be where none for two was', () => {
    const two = refused(begin([first], { party: ['no', 'no'] }));
    const left = when(two, (r, k) => withdrawReferral(r, { memberId: r.party[0]?.memberId, code: 'own-wish' }, k));
    expect(left.types).toEqual(['MemberLeft', 'AlertRaised', 'SearchDecided', 'ServiceAsked']);
    expect(verdict(refusedAgain(left))).toEqual(['NOT_POSSIBLE_HERE']);
  });

  it('also where the refusal comes after somebody left', () => {
    const two = begin([first], { party: ['no', 'no'] });
    const left = when(two, (r, k) => withdrawReferral(r, { memberId: r.party[0]?.memberId, code: 'own-wish' }, k));
    expect(refused(left).types).toEqual(['ServiceNotPossible', 'SearchDecided', 'ServiceAsked']);
  });
});

describe('a contracted place that its service objected to for safety', () => {
  const contracted = service('direct');
  const placed = promised(held(begin([contracted])));
  const objected = when(placed, (r, k) =>
    declineOffer(r, id(placed), { code: 'safety-concern', noteId: undefined }, k),
  );
  const after30Days = { ...objected, now: after(objected.now, 30 * 24 * 3_600_000) };
  const failed = ({ referral, now, bases }: Walk, hint?: CapacityHint) =>
    judge({ referral, bases, pack, now }, { ...contracted, hint }).failed;

  it('bars it as its decline would, also when a unit becomes free there', () => {
    expect(failed(later(objected), freed(later(objected).now))).toEqual(['DECLINED_RECENTLY']);
    expect(failed(after30Days)).toEqual([]);
    expect(nextEndOfBar(objected.referral, objected.now, pack)).toBe(after30Days.now);
  });
});

describe('ALREADY_ASKED', () => {
  it.each<[state: string, walk: () => Walk]>([
    ['is asked for a hold', () => begin(both)],
    ['has an open offer', () => held(begin(both))],
    ['has one whose soft deadline passed', () => passes(held(begin([first])), 60)],
    ['is to confirm', () => yes(held(begin(both)))],
    ['has promised', () => promised(yes(held(begin(both))))],
  ])('bars a service that %s', (_state, walk) => expect(verdict(walk())).toEqual(['ALREADY_ASKED']));

  it('bars one whose yes stands by', () => {
    const standing = yes(awaitingPerson(both), 1);
    const other = both.find((one) => one.serviceId === standing.referral.offers[1]?.serviceId) ?? second;
    const { referral, bases, now } = standing;
    expect(judge({ referral, bases, pack, now }, other).failed).toEqual(['ALREADY_ASKED']);
  });

  it('does not end by capacity nor by a new round while the offer can still be answered', () => {
    const open = held(begin(both));
    expect(verdict(later(open), freed(later(open).now))).toEqual(['ALREADY_ASKED']);
    expect(verdict(anotherRound(open))).toEqual(['ALREADY_ASKED']);
  });

  it('bars a service whose offer closed without an answer, until another round', () => {
    const closed = passes(held(begin([first])), 24 * 60);
    expect(closed.referral.offers[0]?.status).toBe('closed');
    expect(verdict(closed)).toEqual(['ALREADY_ASKED']);
    const again = anotherRound(closed);
    expect(again.types).toEqual(['Overridden', 'RoundOpened', 'SearchDecided', 'ServiceAsked']);
  });

  it('ends when the question was taken back: the service never said no', () => {
    const placed = says(awaitingPerson(both), true);
    const anew = when({ ...placed, services: [] }, (r, k) =>
      override(r, { action: 'search-anew', code: 'local-knowledge', serviceId: undefined }, k),
    );
    expect(verdict(anew)).toEqual([]);
  });
});

it('a bar that time ends is waited for: the referral looks again at that moment, not hours later', () => {
  const open = held(begin([first]));
  const no = when(open, (r, k) => declineOffer(r, id(open), { code: 'other', noteId: undefined }, k));
  expect(no.referral.stage.name).toBe('unplaced');
  const nearly = passes(no, 7 * 24 * 60 - 60);
  expect(nearly.referral.stage).toMatchObject({ name: 'unplaced', until: after(no.now, 7 * 24 * 3_600_000) });
  expect(passes(nearly, 60).types).toContain('ServiceAsked');
});

describe('the next end of a bar by time', () => {
  const next = ({ referral, now }: Walk, codes = pack.declineCodes) =>
    nextEndOfBar(referral, now, { ...pack, declineCodes: codes });
  const declined = (code: string): Walk => {
    const open = held(begin([first]));
    return when(open, (r, k) => declineOffer(r, id(open), { code, noteId: undefined }, k));
  };

  it('is that of a service that did not answer whether it holds', () => {
    const silent = passes(begin([first]), 1);
    expect(next(silent)).toBe(after(silent.referral.offers[0]?.endedAt ?? silent.now, pack.clocks.holdingMs));
  });

  it('is that of a place whose confirmation was not answered', () => {
    const lost = passes(yes(held(begin([first]))), pack.clocks.confirmingMs / 60_000);
    expect(lost.referral.offers.map(({ status }) => status)).toEqual(['lost']);
    expect(next(lost)).toBe(after(lost.now, pack.clocks.holdingMs));
  });

  it('is none from that moment on', () => {
    const silent = passes(begin([first]), 1);
    expect(next({ ...silent, now: next(silent) ?? silent.now })).toBeUndefined();
  });

  it('is that of a no for some days', () => {
    const no = declined('other');
    const bar = pack.declineCodes.find(({ code }) => code === 'other')?.bar;
    expect(next(no)).toBe(after(no.now, bar?.kind === 'recently' ? bar.ms : Number.NaN));
  });

  it('is none where a service has no free unit, is full, or gave a code that the country does not have any more', () => {
    expect(next(refused(begin([first])))).toBeUndefined();
    expect(next(declined('full'))).toBeUndefined();
    expect(next(declined('other'), [])).toBeUndefined();
  });

  it('is none of an offer that ended in another way', () => {
    const closed = passes(held(begin([first])), 24 * 60);
    const [offer] = closed.referral.offers;
    if (!offer) throw new Error('an offer');
    expect(
      next({ ...closed, referral: { ...closed.referral, offers: [{ ...offer, code: 'other' }] } }),
    ).toBeUndefined();
  });
});

describe('only the last word of a service counts', () => {
  it('that refused a hold, was asked in another round and is full now', () => {
    const again = held(anotherRound(refused(begin([first]))), 1);
    const full = when(again, (r, k) => declineOffer(r, id(again, 1), { code: 'full', noteId: undefined }, k));
    expect(verdict(full)).toEqual(['DECLINED_RECENTLY']);
  });

  it('but for the person’s own no, which a new round does not end', () => {
    const no = says(
      promised(when(held(begin([first])), (r, k) => acceptOffer(r, r.offers[0]?.offerId ?? '', k))),
      false,
    );
    expect(verdict(no)).toEqual(['PERSON_DECLINED']);
    expect(verdict(anotherRound(no))).toEqual(['PERSON_DECLINED']);
    const otherNeed = when(no, (r, k) => amendNeed(r, { ...need, languages: ['de'] }, { ...k, services: [] }));
    expect(verdict(otherNeed)).toEqual([]);
  });
});
