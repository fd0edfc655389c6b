import type { Alert } from '@opennrm/contracts/opennrm/referral/v1/alert.ts';
import { minutes } from '@opennrm/runtime/decision';
import { call } from '../call.ts';
import type { Simulation } from '../simulation.ts';
import type { Request } from './request.ts';

/** The coordinator on duty reads the alerts. The owner of each alert acknowledges it and later resolves it. */
export class Coordinator {
  readonly #simulation: Simulation;
  readonly #organisation: string;
  readonly #requests: ReadonlyMap<string, Request>;
  readonly #seen = new Set<string>();

  constructor(simulation: Simulation, requests: readonly Request[], organisation: string) {
    this.#simulation = simulation;
    this.#organisation = organisation;
    this.#requests = new Map(requests.map((request) => [request.referralId, request]));
  }

  async check(): Promise<void> {
    const token = await this.#simulation.token(this.#organisation, 'coordinator');
    const asked = { pageSize: 200, pageToken: '', includeResolved: false };
    const { alerts } = await call(this.#simulation.clients.referral, 'listAlerts', asked, {
      token,
    });
    for (const alert of alerts.filter((one) => !this.#seen.has(one.alertId))) {
      this.#seen.add(alert.alertId);
      this.#simulation.schedule(minutes(5), 'acknowledge', () =>
        this.#act(alert, 'acknowledgeAlert'),
      );
      this.#simulation.schedule(minutes(20), 'resolve', () => this.#act(alert, 'resolveAlert'));
    }
  }

  async #act(
    { alertId, referralId, ownerRole }: Alert,
    how: 'acknowledgeAlert' | 'resolveAlert',
  ): Promise<void> {
    const organisation =
      ownerRole === 'coordinator'
        ? this.#organisation
        : this.#requests.get(referralId)?.organisation;
    if (!organisation) return;
    const token = await this.#simulation.token(organisation, ownerRole);
    await call(this.#simulation.clients.referral, how, { alertId }, { token });
  }
}
