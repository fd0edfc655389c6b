import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { aStrangerRegistersASite } from './a-stranger-registers-a-site.ts';
import { answeredByTelephone } from './answered-by-telephone.ts';
import { badInput } from './bad-input.ts';
import { bedFirstScreenLater } from './bed-first-screen-later.ts';
import { canary } from './canary.ts';
import { confirmRacesExpiry } from './confirm-races-expiry.ts';
import { dutyDoesNotAnswer } from './duty-does-not-answer.ts';
import { keptApart } from './kept-apart.ts';
import { lateAcceptance } from './late-acceptance.ts';
import { liveOffers } from './live-offers.ts';
import { memberOfPartyWithdraws } from './member-of-party-withdraws.ts';
import { noSharedCaseReference } from './no-shared-case-reference.ts';
import { nobodyAnswers } from './nobody-answers.ts';
import { opsRefuses } from './ops-refuses.ts';
import { permissionWithdrawn } from './permission-withdrawn.ts';
import { personDeclinesThePlace } from './person-declines-the-place.ts';
import { poisonThenReplayed } from './poison-then-replayed.ts';
import { readmeCalls } from './readme-calls.ts';
import { redelivered } from './redelivered.ts';
import { serviceKilledMidOffer } from './service-killed-mid-offer.ts';
import { suspendedService } from './suspended-service.ts';
import { thousandForOneBed } from './thousand-for-one-bed.ts';
import { twoAcceptAtOnce } from './two-accept-at-once.ts';
import { watching } from './watching.ts';
import { withdrawnWhileConfirming } from './withdrawn-while-confirming.ts';
import { startWorld, type World } from './world.ts';

let world: World | undefined;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => world?.tidy());
afterAll(() => world?.stop());

/** The platform of this run; there is none before `beforeAll`. */
const theWorld = (): World => {
  if (!world) throw new Error('the platform did not start');
  return world;
};

describe('bed-first-screen-later', () => bedFirstScreenLater(theWorld));
describe('nobody-answers', () => nobodyAnswers(theWorld));
describe('late-acceptance', () => lateAcceptance(theWorld));
describe('two-accept-at-once', () => twoAcceptAtOnce(theWorld));
describe('confirm-races-expiry', () => confirmRacesExpiry(theWorld));
describe('person-declines-the-place', () => personDeclinesThePlace(theWorld));
describe('withdrawn-while-confirming', () => withdrawnWhileConfirming(theWorld));
describe('member-of-party-withdraws', () => memberOfPartyWithdraws(theWorld));
describe('answered-by-telephone', () => answeredByTelephone(theWorld));
describe('duty-does-not-answer', () => dutyDoesNotAnswer(theWorld));
describe('permission-withdrawn', () => permissionWithdrawn(theWorld));
describe('kept-apart', () => keptApart(theWorld));
describe('a-stranger-registers-a-site', () => aStrangerRegistersASite(theWorld));
describe('suspended-service', () => suspendedService(theWorld));
describe('live-offers', () => liveOffers(theWorld));
describe('redelivered', () => redelivered(theWorld));
describe('poison-then-replayed', () => poisonThenReplayed(theWorld));
describe('service-killed-mid-offer', () => serviceKilledMidOffer(theWorld));
describe('thousand-for-one-bed', () => thousandForOneBed(theWorld));
describe('bad-input', () => badInput(theWorld));
describe('ops-refuses', () => opsRefuses(theWorld));
describe('readme-calls', () => readmeCalls(theWorld));
describe('watching', () => watching(theWorld));
describe('canary', () => canary(theWorld));
describe('no-shared-case-reference', () => noSharedCaseReference(theWorld));
