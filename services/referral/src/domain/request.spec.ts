import { after, type Decision, minutes } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { declineOffer } from './answers.ts';
import type { ReferralEvent } from './events.ts';
import type { CaseBasis } from './matching/basis.ts';
import type { CaseReference, Member, MemberId, Need, OrganisationId, ReferralId } from './need.ts';
import { override } from './override.ts';
import { amendNeed, type ReferralRequest, requestReferral } from './request.ts';
import { knowledgeAt, mint, monday, need, pack, service } from './saga.fixture.ts';
import {
  asMap,
  awaitingPerson,
  offerIdOf,
  personAnswers,
  providerHolds,
  references,
  requestScenario,
  type Scenario,
  statuses,
  when,
  withPermission,
} from './scenario.fixture.ts';

const shelters = Array.from({ length: 4 }, () => service('by-offer'));
const person = (nth = 0): Member => ({
  memberId: mint() as MemberId,
  caseReference: references[nth] as CaseReference,
  underEighteen: 'no',
});
const emergency: ReferralRequest = {
  referralId: mint() as ReferralId,
  ownerOrg: mint() as OrganisationId,
  requestedBy: mint(),
  urgency: 'emergency',
  need,
  party: [person()],
  basis: 'vital-interest',
  foundTogether: undefined,
};
const asks = (
  change: Partial<ReferralRequest>,
  ...known: CaseBasis[]
): Decision<ReferralEvent, string> =>
  requestReferral(
    { ...emergency, ...change },
    { ...knowledgeAt(monday, shelters), bases: asMap(known) },
    { aboveQuota: false, declinedServiceIds: [] },
  );
const events = (decision: Decision<ReferralEvent, string>): readonly ReferralEvent[] =>
  decision.kind === 'accepted' ? decision.events : [];
const types = (decision: Decision<ReferralEvent, string>): string[] =>
  events(decision).map((event) => event.type);

describe('a request', () => {
  it.each<[refusal: string, field: string, because: string, change: Partial<ReferralRequest>]>([
    [
      'unknown-code',
      'need.need',
      'the country has no such need',
      { need: { ...need, need: 'a-castle' } },
    ],
    ['party-empty', 'party', 'the party is empty', { party: [] }],
    [
      'basis-not-enough',
      'basis',
      'a basis code suffices in an emergency only',
      { urgency: 'urgent' },
    ],
    ['basis-not-enough', 'basis', 'not every basis code suffices', { basis: 'public-task' }],
  ])('is refused as %s (%s): %s', (refusal, field, _because, change) =>
    expect(asks(change)).toEqual({ kind: 'refused', refusal, field }),
  );

  it('is refused as duplicate-member (party) where one person, or one case, is listed twice', () => {
    const twice = { kind: 'refused', refusal: 'duplicate-member', field: 'party' };
    const [one, two] = [person(), person(1)];
    expect(asks({ party: [one, { ...two, memberId: one.memberId }] })).toEqual(twice);
    expect(asks({ party: [one, { ...two, caseReference: one.caseReference }] })).toEqual(twice);
    expect(asks({ party: [one, two] }).kind).toBe('accepted');
  });

  it('in an emergency needs no basis of the vault: two services are asked at once', () =>
    expect(types(asks({}))).toEqual([
      'ReferralRequested',
      'SearchDecided',
      'ServiceAsked',
      'ServiceAsked',
    ]));

  it('without a basis at the vault waits two minutes for one', () => {
    const waiting = asks({ urgency: 'planned', basis: undefined });
    expect(events(waiting)[1]).toEqual({ type: 'BasisAwaited', until: after(monday, minutes(2)) });
    const known = asks({ urgency: 'planned', basis: undefined }, withPermission());
    expect(types(known)).toEqual([
      'ReferralRequested',
      'BasisFound',
      'SearchDecided',
      'ServiceAsked',
    ]);
  });

  it('must be registered at the vault by a deadline, unless every member is known there', () => {
    expect(events(asks({}))[0]).toMatchObject({
      registerBy: after(monday, pack.deadlines.registerReferenceMs),
    });
    const two = { party: [person(), person(1)] };
    expect(events(asks(two, withPermission()))[0]).toMatchObject({
      registerBy: expect.any(Number),
    });
    expect(events(asks(two, withPermission(), withPermission(1)))[0]).toMatchObject({
      registerBy: undefined,
    });
  });

  it('carries the keep-apart ids of every member, and the kind of unit and the purposes of this need', () => {
    const known = [
      { ...withPermission(), apartIds: ['a', 'b'] },
      { ...withPermission(1), apartIds: ['b', 'c'] },
    ];
    const [requested] = events(asks({ party: [person(), person(1)] }, ...known));
    expect(requested).toMatchObject({
      apartIds: ['a', 'b', 'c'],
      unitKind: 'bed',
      purposes: ['accommodation', 'immediate-protection'],
      packVersion: pack.id,
      at: monday,
    });
  });
});

describe('a need that is amended', () => {
  const amends = (scenario: Scenario, change: Partial<Need>): Scenario =>
    when(scenario, (r, k) => amendNeed(r, { ...need, ...change }, k));
  const onlyTwo = shelters.slice(0, 2);
  const declines = (scenario: Scenario, code: string): Scenario =>
    when(scenario, (r, k) => declineOffer(r, offerIdOf(scenario), { code, noteId: undefined }, k));

  it('has a new version, and the open offers stay open', () => {
    const amended = amends(providerHolds(providerHolds(requestScenario(shelters)), 1), {
      care: ['medication'],
    });
    expect(amended.types).toEqual(['NeedAmended']);
    expect(amended.referral).toMatchObject({ needVersion: 2, need: { care: ['medication'] } });
    expect(statuses(amended)).toEqual(['open', 'open']);
  });

  it('lets a service be asked again that declined because the need was outside its criteria', () => {
    const outside = declines(providerHolds(requestScenario(onlyTwo)), 'outside-criteria');
    const [first] = outside.referral.offers;
    const amended = amends(outside, { wishes: { ...need.wishes, languages: ['en'] } });
    expect(amended.types).toEqual(['NeedAmended', 'SearchDecided', 'ServiceAsked']);
    expect(amended.referral.offers.at(-1)).toMatchObject({
      serviceId: first?.serviceId,
      needVersion: 2,
    });
  });

  it('does not let a service be asked again that is full', () =>
    expect(amends(declines(providerHolds(requestScenario(onlyTwo)), 'full'), {}).types).toEqual([
      'NeedAmended',
    ]));

  it('finds a place for a person who was unplaced', () => {
    const unplaced = requestScenario(
      onlyTwo.map((one) => ({ ...one, region: 'islands' as const })),
    );
    expect(unplaced.referral.stage.name).toBe('unplaced');
    const amended = amends(unplaced, { excludedRegions: [] });
    expect(amended.types).toEqual(['NeedAmended', 'SearchDecided', 'ServiceAsked', 'ServiceAsked']);
    expect(amended.referral.stage.name).toBe('searching');
  });

  it('asks no service while a basis is awaited, or a place is confirmed or agreed', () => {
    const nobody = { ...withPermission(), permissions: [] };
    const waiting = requestScenario(shelters, { urgency: 'urgent', known: [nobody] });
    for (const scenario of [
      waiting,
      awaitingPerson(shelters),
      personAnswers(awaitingPerson(shelters), true),
    ])
      expect(amends(scenario, { care: ['medication'] }).types).toEqual(['NeedAmended']);
  });

  it('may not become another need (need.need), and is refused where the referral is over', () => {
    const { referral, now } = requestScenario(shelters);
    expect(amendNeed(referral, { ...need, need: 'legal-aid' }, knowledgeAt(now, shelters))).toEqual(
      {
        kind: 'refused',
        refusal: 'another-need',
        field: 'need.need',
      },
    );
    const over = when(requestScenario(shelters), (r, k) =>
      override(r, { action: 'end', code: 'x', serviceId: undefined }, k),
    );
    expect(amends(over, {}).outcome).toBe('already-over');
  });
});
