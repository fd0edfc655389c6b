import { ReferralState } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import type { CountryPack } from '@opennrm/country';
import { call } from '@opennrm/runtime';
import { inHours, percent, quantile, table } from '../../report/numbers.ts';
import type { Request } from '../actors/request.ts';
import { rowsOf } from '../rows.ts';
import type { Simulation } from '../simulation.ts';
import { countStages } from './stages.ts';

const print = (text = ''): void => void process.stdout.write(`${text}\n`);

interface JournalEvent {
  referral: string;
  type: string;
  at: number;
  code: string | null;
}

/** Prints the results for all people. */
export async function report(
  simulation: Simulation,
  requests: readonly Request[],
  coordinators: string,
  pack: CountryPack,
): Promise<void> {
  const referral = simulation.platform.service('referral');
  const events = await rowsOf<JournalEvent>(
    referral,
    `SELECT aggregate_id AS referral, type, at, data->>'code' AS code FROM journal WHERE aggregate = 'referral' AND topic IS NULL ORDER BY position`,
  );
  const of = (type: string): JournalEvent[] => events.filter((one) => one.type === type);
  const arrivedAt = new Map(of('ServiceStarted').map((one) => [one.referral, one.at]));
  const sent = new Set(of('ReferralRequested').map((one) => one.referral));
  print();
  print('RESULTS');
  arrivals(
    requests.filter((one) => sent.has(one.referralId)),
    arrivedAt,
  );
  print();
  const placements = of('PersonAgreed').length;
  print(
    `  offers made ${of('OfferMade').length}: ${(of('OfferMade').length / Math.max(1, placements)).toFixed(1)} for each placement (${placements})`,
  );
  print(
    `  accepted ${of('OfferAccepted').length}, declined ${of('OfferDeclined').length} (${byCode(of('OfferDeclined'))})`,
  );
  print(
    `  closed without an answer ${of('OfferClosed').length}; softened (past the soft deadline, but can still be answered) ${of('OfferSoftened').length}`,
  );
  print(
    `  not possible when asked ${of('ServiceNotPossible').length}; bed lost ${of('UnitLost').length}`,
  );
  print(
    `  declined by the person ${of('PersonDeclined').length} (${byCode(of('PersonDeclined'))}); journeys that failed ${of('JourneyFailed').length}`,
  );
  print(
    `  answered by telephone ${of('AnsweredByTelephone').length}, confirmed later ${of('TelephoneAnswerConfirmed').length}, not confirmed in time ${of('TelephoneAnswerUnconfirmed').length}`,
  );
  print(`  alerts raised ${of('AlertRaised').length} (${byCode(of('AlertRaised'))})`);
  await unplaced(simulation, coordinators, pack);
  await stillOpen(simulation);
  refusals(simulation);
}

function arrivals(requests: readonly Request[], arrivedAt: ReadonlyMap<string, number>): void {
  const line = (name: string, some: readonly Request[]): (string | number)[] => {
    const took = some.flatMap((one) =>
      arrivedAt.has(one.referralId)
        ? [(arrivedAt.get(one.referralId) ?? 0) - one.need.arrivesAt]
        : [],
    );
    return [
      name,
      some.length,
      took.length,
      percent(took.length, some.length),
      inHours(quantile(took, 0.5)),
      inHours(quantile(took, 0.9)),
    ];
  };
  const where = (is: (one: Request) => boolean): Request[] => requests.filter(is);
  print(
    table([
      ['', 'requested', 'arrived', 'share', 'median', '90 % within'],
      line('all', requests),
      ...(['emergency', 'urgent', 'planned'] as const).map((urgency) =>
        line(
          urgency,
          where((one) => one.need.urgency === urgency),
        ),
      ),
      line(
        'single adults',
        where((one) => one.need.party.length === 1 && one.need.party[0] === 'no'),
      ),
      line(
        'children alone',
        where((one) => one.need.party.every((age) => age !== 'no')),
      ),
      line(
        'families and couples',
        where((one) => one.need.party.length > 1),
      ),
    ]),
  );
}

function byCode(events: readonly JournalEvent[]): string {
  const counts = new Map<string, number>();
  for (const { code } of events)
    counts.set(code ?? 'no code', (counts.get(code ?? 'no code') ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([code, count]) => `${code} ${count}`).join(', ') || 'none';
}

/** Prints why referrals are unplaced: for each rule, the number of referrals that it alone excluded from most services. */
async function unplaced(
  simulation: Simulation,
  coordinators: string,
  pack: CountryPack,
): Promise<void> {
  const token = await simulation.token(coordinators, 'coordinator');
  const { referrals } = await call(
    simulation.clients.referral,
    'listReferrals',
    { pageSize: 200, pageToken: '', state: ReferralState.UNPLACED },
    { token },
  );
  const reasons = new Map<string, number>();
  for (const { referralId } of referrals) {
    const { bindingRule } = await call(
      simulation.clients.referral,
      'getDecision',
      { referralId, search: 0 },
      { token },
    );
    const reason = bindingRule || 'several rules at once';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  print();
  print(
    `UNPLACED: ${referrals.length}; each has a place of last resort for tonight and searches again within ${pack.deadlines.unplacedRecheckMs / 3_600_000} h`,
  );
  for (const [rule, count] of [...reasons].sort((a, b) => b[1] - a[1]))
    print(`  ${count} × ${rule}`);
}

const FINAL_OR_UNPLACED = ['started', 'withdrawn', 'refused', 'ended', 'unplaced'];

async function stillOpen(simulation: Simulation): Promise<void> {
  const stages = await countStages(simulation);
  const open = Object.entries(stages).filter(([stage]) => !FINAL_OR_UNPLACED.includes(stage));
  const over = Object.entries(stages).filter(([stage]) =>
    ['withdrawn', 'refused', 'ended'].includes(stage),
  );
  print();
  print(
    `STILL OPEN at the end: ${open.reduce((sum, [, count]) => sum + count, 0)} (${open.map(([stage, count]) => `${count} ${stage}`).join(', ') || 'none'})`,
  );
  print(
    `ENDED otherwise: ${over.map(([stage, count]) => `${count} ${stage}`).join(', ') || 'none'}`,
  );
}

function refusals(simulation: Simulation): void {
  const lines = [...simulation.refusals].sort((a, b) => b[1] - a[1]).slice(0, 12);
  if (lines.length > 0)
    print(
      `\nREFUSALS, e.g. too late: ${lines.map(([name, count]) => `${name} (${count})`).join(', ')}`,
    );
  for (const failure of simulation.failures.slice(0, 10)) print(`  FAULT ${failure}`);
}
