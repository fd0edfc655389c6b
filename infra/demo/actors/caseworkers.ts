import { Answer } from '@opennrm/contracts/opennrm/referral/v1/offer.ts';
import {
  type GetReferralResponse,
  ReferralState,
} from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { UnderEighteen } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { hours } from '@opennrm/runtime/decision';
import { drawJourney, drawPersonAnswer } from '../behaviour.ts';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import type { Simulation } from '../simulation.ts';
import { escortJourney } from './escorts.ts';
import type { Request } from './request.ts';

/** States in which a caseworker or coordinator must act, with their names. */
const WAITING_FOR_ACTION = [
  ['awaiting-person', ReferralState.AWAITING_PERSON],
  ['agreed', ReferralState.AGREED],
  ['journey-failed', ReferralState.JOURNEY_FAILED],
] as const;

/** What caseworkers do after a request: ask the person, arrange the journey, decide after a journey that failed. */
export class Caseworkers {
  readonly #simulation: Simulation;
  readonly #requests: ReadonlyMap<string, Request>;
  readonly #coordinators: string;
  readonly #underWay = new Set<string>();
  readonly #attempts = new Map<string, number>();

  constructor(simulation: Simulation, requests: readonly Request[], coordinators: string) {
    this.#simulation = simulation;
    this.#requests = new Map(requests.map((request) => [request.referralId, request]));
    this.#coordinators = coordinators;
  }

  /** Reads the coordinator's list of referrals, and acts on those that wait for a caseworker. */
  async check(): Promise<void> {
    const token = await this.#simulation.token(this.#coordinators, 'coordinator');
    for (const [name, state] of WAITING_FOR_ACTION) {
      for (let pageToken = '', more = true; more; more = pageToken !== '') {
        const page = await call(
          this.#simulation.clients.referral,
          'listReferrals',
          { pageSize: 200, pageToken, state },
          { token },
        );
        for (const { referralId } of page.referrals) this.#takeUp(referralId, name);
        pageToken = page.nextPageToken;
      }
    }
  }

  #takeUp(referralId: string, state: string): void {
    const request = this.#requests.get(referralId);
    const key = `${referralId} ${state}`;
    if (!request || this.#underWay.has(key)) return;
    this.#underWay.add(key);
    const work =
      state === 'awaiting-person'
        ? this.#ask(request, key)
        : state === 'agreed'
          ? this.#arrange(request, key)
          : this.#decide(request, key);
    void work.catch(() => this.#underWay.delete(key));
  }

  #plan(afterMs: number, name: string, key: string, work: () => Promise<unknown>): void {
    this.#simulation.schedule(afterMs, name, () =>
      work().finally(() => this.#underWay.delete(key)),
    );
  }

  async #read({ referralId, organisation, need }: Request): Promise<GetReferralResponse> {
    const token = await this.#simulation.token(organisation, need.requesterRole);
    return call(this.#simulation.clients.referral, 'getReferral', { referralId }, { token });
  }

  /** Each member is asked separately. If they decline, a party of several declines together. */
  async #ask(request: Request, key: string): Promise<void> {
    const referral = await this.#read(request);
    const offer = referral.offers.find((one) => one.status === 'confirmed');
    if (!offer) return void this.#underWay.delete(key);
    const { yes, afterMs, code } = drawPersonAnswer(
      this.#simulation.seed,
      offer.offerId,
      request.need.urgency,
    );
    this.#plan(afterMs, 'person answers', key, async () => {
      const token = await this.#simulation.token(request.organisation, 'caseworker');
      const { referralId } = request;
      if (!yes && referral.party.length > 1) return this.#declineTogether(referralId);
      for (const { memberId, underEighteen } of referral.party) {
        const childViewHeard = underEighteen !== UnderEighteen.NO;
        const answer = yes ? Answer.YES : Answer.NO;
        const personAnswer = {
          referralId,
          offerId: offer.offerId,
          memberId,
          answer,
          code: yes ? '' : code,
          childViewHeard,
        };
        await call(this.#simulation.clients.referral, 'recordPersonAnswer', personAnswer, {
          token,
        });
      }
    });
  }

  async #declineTogether(referralId: string): Promise<void> {
    const token = await this.#simulation.token(this.#coordinators, 'coordinator');
    const wish = {
      referralId,
      action: 'restart-search',
      code: 'wish-of-the-person',
      serviceId: '',
    };
    await call(this.#simulation.clients.referral, 'override', wish, { token });
  }

  async #arrange(request: Request, key: string): Promise<void> {
    const draw = chance(this.#simulation.seed, 'arranges', request.referralId);
    this.#plan(hours(0.2 + draw.next() * 0.5), 'arrange journey', key, () => this.#setOut(request));
  }

  async #setOut(request: Request): Promise<void> {
    const { referralId, organisation, need } = request;
    const attempt = (this.#attempts.get(referralId) ?? 0) + 1;
    this.#attempts.set(referralId, attempt);
    const journey = drawJourney(this.#simulation.seed, referralId, attempt, need.urgency);
    const collectAt = this.#simulation.now() + journey.leavesInMs;
    const arriveAt = collectAt + journey.lastsMs;
    const token = await this.#simulation.token(organisation, 'caseworker');
    const times = { collectAt: new Date(collectAt), arriveAt: new Date(arriveAt) };
    await call(
      this.#simulation.clients.referral,
      'arrangeJourney',
      { referralId, escortId: journey.escort, ...times },
      { token },
    );
    const { offers } = await this.#read(request);
    const offer = offers.find((one) => one.status === 'confirmed');
    if (offer) escortJourney(this.#simulation, { request, offer, journey });
  }

  /** After a failed journey: arranges it again, restarts the search, or ends the referral. */
  async #decide(request: Request, key: string): Promise<void> {
    const attempts = this.#attempts.get(request.referralId) ?? 1;
    const draw = chance(this.#simulation.seed, 'decides', request.referralId, attempts);
    this.#plan(hours(0.3 + draw.next()), 'decide after a failed journey', key, async () => {
      const decision =
        attempts > 2 ? 'end' : draw.among({ again: 0.6, 'restart-search': 0.25, end: 0.15 });
      if (decision === 'again') return this.#setOut(request);
      const token = await this.#simulation.token(this.#coordinators, 'coordinator');
      const how = {
        referralId: request.referralId,
        action: decision,
        code: 'journey-failed',
        serviceId: '',
      };
      await call(this.#simulation.clients.referral, 'override', how, { token });
    });
  }
}
