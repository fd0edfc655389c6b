import type { Alert } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { minutes } from '@opennrm/runtime/decision';
import { call } from '../call.ts';
import type { Desk } from '../desk.ts';
import type { Request } from './requesters.ts';

/** The coordinator on duty sees what waits for somebody. Whoever owns an alert acknowledges it, acts, and resolves it. */
export class Coordinator {
  readonly #desk: Desk;
  readonly #organisation: string;
  readonly #requests: ReadonlyMap<string, Request>;
  readonly #seen = new Set<string>();

  constructor(desk: Desk, requests: readonly Request[], organisation: string) {
    this.#desk = desk;
    this.#organisation = organisation;
    this.#requests = new Map(requests.map((request) => [request.referralId, request]));
  }

  async look(): Promise<void> {
    const token = await this.#desk.token(this.#organisation, 'coordinator');
    const asked = { pageSize: 200, pageToken: '', includeResolved: false };
    const { alerts } = await call(this.#desk.clients.referral, 'listAlerts', asked, { token });
    for (const alert of alerts.filter((one) => !this.#seen.has(one.alertId))) {
      this.#seen.add(alert.alertId);
      this.#desk.later(minutes(5), 'acknowledge', () => this.#act(alert, 'acknowledgeAlert'));
      this.#desk.later(minutes(20), 'resolve', () => this.#act(alert, 'resolveAlert'));
    }
  }

  async #act({ alertId, referralId, ownerRole }: Alert, how: 'acknowledgeAlert' | 'resolveAlert'): Promise<void> {
    const organisation =
      ownerRole === 'coordinator' ? this.#organisation : this.#requests.get(referralId)?.organisation;
    if (!organisation) return;
    const token = await this.#desk.token(organisation, ownerRole);
    await call(this.#desk.clients.referral, how, { alertId }, { token });
  }
}
