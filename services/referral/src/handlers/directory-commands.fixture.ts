import { after, hours, type Instant } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import type { Decide } from '../domain/decide.ts';
import type { Offer } from '../domain/offer.ts';
import { override } from '../domain/override.ts';
import { recordPersonAnswer } from '../domain/person.ts';
import type { Declared } from '../domain/places/declared.ts';
import type { Referral } from '../domain/referral.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { withdrawReferral } from '../domain/withdrawal.ts';
import { places as placesStore } from '../outbound/places.ts';
import type { referralDatabase } from '../outbound/referral-database.fixture.ts';
import type { DirectoryService } from './directory-provider.fixture.ts';
import * as offers from './offers.ts';
import * as places from './places.ts';

type World = Awaited<ReturnType<typeof referralDatabase>>;

/** The last times of an appointment, in hours after the first request. */
const LAST_HOUR = 60;
const FIRST_HOUR = 30;

/** Random declarations, by the need of the sample country that they are for. */
export const declarations = {
  'medical-care': fc
    .uniqueArray(fc.integer({ min: FIRST_HOUR, max: LAST_HOUR }), { minLength: 1, maxLength: 4 })
    .map(
      (starts): Declared => ({
        kind: 'appointments',
        slots: starts.map((n) => ({ start: after(monday, hours(n)), places: 1 + (n % 2) })),
      }),
    ),
  'psychosocial-support': fc
    .integer({ min: 1, max: 3 })
    .map((limit): Declared => ({ kind: 'caseload', limit, limitOfWorker: undefined })),
  'material-help': fc
    .integer({ min: 1, max: 3 })
    .map((people): Declared => ({ kind: 'count', places: people })),
};
export type DirectoryNeed = keyof typeof declarations;

const actions = [
  'request',
  'accept',
  'decline',
  'agree-of-person',
  'decline-of-person',
  'agree-appointment',
  'record-missed',
  'record-kept',
  'assign-worker',
  'end-service',
  'withdraw',
  'restart-search',
  'pass-deadlines',
  'declare',
] as const;
const rare = ['decline', 'decline-of-person', 'record-kept', 'withdraw', 'restart-search'];

/** What somebody does about one of the referrals and one of its offers, after so many hours. */
export interface Command {
  readonly action: (typeof actions)[number];
  readonly nthReferral: number;
  readonly nthOffer: number;
  readonly isAboutPlace: boolean;
  readonly hoursBefore: number;
}

export const histories: fc.Arbitrary<Command[]> = fc.array(
  fc.record({
    action: fc.oneof(
      ...actions.map((one) => ({
        weight: rare.includes(one) ? 1 : 4,
        arbitrary: fc.constant(one),
      })),
    ),
    nthReferral: fc.nat(20),
    nthOffer: fc.nat(20),
    isAboutPlace: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    hoursBefore: fc.constantFrom(0, 0, 0, 0.5, 2, 6),
  }),
  { minLength: 20, maxLength: 40, size: 'max' },
);

/** The current place of the referral, or any of its offers. */
export function offerAbout(
  { stage, offers: all }: Referral,
  { isAboutPlace, nthOffer }: Command,
): Offer | undefined {
  const place = 'offerId' in stage ? stage.offerId : undefined;
  return isAboutPlace && place !== undefined
    ? all.find(({ offerId }) => offerId === place)
    : all[nthOffer % Math.max(1, all.length)];
}

/** Does what a command says about an offer of a referral. Any of it may be refused. */
export async function execute(
  world: World,
  command: Command,
  referral: Referral,
  service: DirectoryService,
  holdId: string,
  now: Instant,
): Promise<unknown> {
  const { inTransaction, applyDecision, passDeadlines } = world;
  const call = service.callAt(now);
  const decide = (one: Decide) => applyDecision(referral.referralId, now, one);
  const { party } = referral;
  const memberId = party[command.nthReferral % party.length]?.memberId ?? '';
  switch (command.action) {
    case 'accept':
      return inTransaction((tx) => offers.accept(tx, pack, holdId, call));
    case 'decline': {
      const code = pack.declineCodes[command.nthOffer % pack.declineCodes.length]?.code ?? '';
      const how = { code, noteId: undefined };
      return inTransaction((tx) => offers.decline(tx, pack, holdId, how, call));
    }
    case 'agree-of-person':
    case 'decline-of-person': {
      const agrees = command.action === 'agree-of-person';
      const answer = { offerId: holdId, memberId, agrees, code: undefined, childViewHeard: false };
      return decide((state, knowledge) => recordPersonAnswer(state, answer, knowledge));
    }
    case 'agree-appointment': {
      const at = await timeFor(world, command, service);
      return inTransaction((tx) => places.changeHold(tx, pack, holdId, call, places.agree(at)));
    }
    case 'record-missed': {
      const code = pack.missedAppointmentCodes[0]?.code ?? '';
      return inTransaction((tx) => places.changeHold(tx, pack, holdId, call, places.miss(code)));
    }
    case 'record-kept':
      return inTransaction((tx) => places.changeHold(tx, pack, holdId, call, places.keep));
    case 'assign-worker': {
      const workerId = call.actor.person;
      return inTransaction((tx) =>
        places.changeHold(tx, pack, holdId, call, places.assign(workerId)),
      );
    }
    case 'end-service': {
      const code = pack.endOfServiceCodes[0]?.code ?? '';
      return inTransaction((tx) => places.changeHold(tx, pack, holdId, call, places.end(code)));
    }
    case 'withdraw': {
      const wish = { memberId: command.isAboutPlace ? memberId : undefined, code: 'own-wish' };
      return decide((state, knowledge) => withdrawReferral(state, wish, knowledge));
    }
    case 'restart-search': {
      const how = { action: command.action, code: 'other', serviceId: undefined };
      return decide((state, knowledge) => override(state, how, knowledge));
    }
    case 'pass-deadlines':
      return passDeadlines(referral.referralId, now);
    case 'declare': {
      const state = await placesStore.find(world.database, service.serviceId);
      return state?.declared.kind === 'count'
        ? service.declare({ kind: 'count', places: 1 + (command.nthOffer % 4) }, now)
        : undefined;
    }
    case 'request':
      return undefined;
  }
}

/** A declared time of the service, or any time where it declares none. */
async function timeFor(
  { database }: World,
  { nthOffer, nthReferral }: Command,
  { serviceId }: DirectoryService,
): Promise<Instant> {
  const state = await placesStore.find(database, serviceId);
  const slots = state?.declared.kind === 'appointments' ? state.declared.slots : [];
  const hour = FIRST_HOUR + ((nthOffer + nthReferral) % (LAST_HOUR - FIRST_HOUR));
  return slots[nthOffer % Math.max(1, slots.length)]?.start ?? after(monday, hours(hour));
}
