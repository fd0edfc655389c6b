import { call } from '@opennrm/runtime';
import { DateTime } from 'luxon';
import type { Request } from '../actors/request.ts';
import { rowsOf } from '../rows.ts';
import type { Simulation } from '../simulation.ts';

const print = (text = ''): void => void process.stdout.write(`${text}\n`);

/** Prints the whole referral of one person, with its reasons: the arrived one with the most events (below 60). */
export async function oneCase(
  simulation: Simulation,
  requests: readonly Request[],
  coordinators: string,
): Promise<void> {
  const [row] = await rowsOf<{ id: string }>(
    simulation.platform.service('referral'),
    `SELECT r.id FROM referral r JOIN journal j ON j.aggregate_id = r.id AND j.topic IS NULL
     WHERE r.stage = 'started' GROUP BY r.id HAVING count(*) < 60 ORDER BY count(*) DESC LIMIT 1`,
  );
  const request = requests.find((one) => one.referralId === row?.id);
  if (!request) return;
  const token = await simulation.token(coordinators, 'coordinator');
  const { referralId, need } = request;
  const referral = await call(
    simulation.clients.referral,
    'getReferral',
    { referralId },
    { token },
  );
  print();
  print(
    `ONE REFERRAL: ${need.urgency}, ${need.group}, ${need.party.length} person(s); referral ${referralId}`,
  );
  const services = new Map(
    referral.offers.map((offer, nth) => [
      offer.offerId,
      `service ${String.fromCharCode(65 + (nth % 26))}`,
    ]),
  );
  for (const { at, event, offerId, code, role } of referral.timeline.toReversed()) {
    const when = DateTime.fromJSDate(at ?? new Date(0), { zone: 'Europe/Vienna' }).toFormat(
      'ccc HH:mm',
    );
    const who = services.get(offerId) ?? '';
    print(
      `  ${when}  ${event.padEnd(26)} ${who.padEnd(10)} ${code.padEnd(22)} ${role === 'system' ? '' : `by ${role}`}`.trimEnd(),
    );
  }
  await explainOffers(simulation, referralId, token, services, referral.offers);
}

async function explainOffers(
  simulation: Simulation,
  referralId: string,
  token: string,
  names: ReadonlyMap<string, string>,
  offers: readonly { offerId: string; serviceId: string }[],
): Promise<void> {
  const decision = await call(
    simulation.clients.referral,
    'getDecision',
    { referralId, search: 1 },
    { token },
  );
  const nameOf = (serviceId: string): string =>
    names.get(offers.find((one) => one.serviceId === serviceId)?.offerId ?? '') ??
    'another service';
  print(
    `  why these services first: rules ${decision.ruleVersion}, ${decision.candidates.length} services checked`,
  );
  for (const { serviceId, terms } of decision.candidates.filter((one) => one.isAsked)) {
    print(
      `    ${nameOf(serviceId)} asked: ${terms.map(({ term, value }) => `${term} ${value}`).join(', ')}`,
    );
  }
  const failed = new Map<string, number>();
  for (const { failed: codes } of decision.candidates)
    if (codes[0]) failed.set(codes[0], (failed.get(codes[0]) ?? 0) + 1);
  print(
    `    why not others: ${
      [...failed]
        .sort((a, b) => b[1] - a[1])
        .map(([code, count]) => `${code} ${count}`)
        .join(', ') || 'all could be asked'
    }`,
  );
}
