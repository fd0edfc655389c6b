import { minutes } from '@opennrm/runtime/decision';
import { call } from '../call.ts';
import type { Desk } from '../desk.ts';

/** The coordinator on duty: sees what somebody must act on, and takes it up. */
export class Coordinator {
  readonly #desk: Desk;
  readonly #organisation: string;
  readonly #seen = new Set<string>();

  constructor(desk: Desk, organisation: string) {
    this.#desk = desk;
    this.#organisation = organisation;
  }

  async look(): Promise<void> {
    const token = await this.#desk.token(this.#organisation, 'coordinator');
    const asked = { pageSize: 200, pageToken: '', includeAcknowledged: false };
    const { alerts } = await call(this.#desk.clients.referral, 'listAlerts', asked, { token });
    for (const { alertId } of alerts.filter((one) => !this.#seen.has(one.alertId))) {
      this.#seen.add(alertId);
      this.#desk.later(minutes(20), 'acknowledge', () =>
        call(this.#desk.clients.referral, 'acknowledgeAlert', { alertId }, { token }),
      );
    }
  }
}
