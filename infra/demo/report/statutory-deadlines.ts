import type {
  IdentificationListed,
  IdentificationState,
} from '@opennrm/contracts/opennrm/identification_intake/v1/identification_state.ts';
import { call } from '@opennrm/runtime';
import { DateTime } from 'luxon';
import { AUTHORITY } from '../actors/authority.ts';
import type { Simulation } from '../simulation.ts';

const print = (text = ''): void => void process.stdout.write(`${text}\n`);
const local = (at: Date | undefined): DateTime =>
  DateTime.fromJSDate(at ?? new Date(0), { zone: 'Europe/Vienna' });
const when = (at: Date | undefined): string => local(at).toFormat('ccc HH:mm');
const day = (at: Date): string => local(at).toFormat('d LLLL');

/** Prints the statutory deadlines: decided in time, overdue and escalated, paused; and the withdrawals with their acknowledgements. */
export async function reportStatutoryDeadlines(simulation: Simulation): Promise<void> {
  const token = await simulation.token(AUTHORITY, 'competent-authority');
  const all: IdentificationListed[] = [];
  for (let pageToken = '', more = true; more; more = pageToken !== '') {
    const page = await call(
      simulation.clients.identification,
      'listIdentifications',
      { pageSize: 200, pageToken },
      { token },
    );
    all.push(...page.identifications);
    pageToken = page.nextPageToken;
  }
  const late = all.filter(({ overdue }) => overdue);
  const paused = all.filter(
    ({ stage }) => stage === 'information-requested' || stage === 'suspended',
  );
  const decided = await inTime(simulation, all);
  print();
  print(
    `STATUTORY DEADLINES: ${all.length} formal procedures; support did not wait for any of them`,
  );
  print(`  first decision in time: ${decided.length}`);
  for (const line of decided.slice(0, 1)) print(`    ${line}`);
  const higher = late.filter(({ escalatedTo }) => escalatedTo !== 'competent-authority');
  print(`  overdue: ${late.length}, of them escalated: ${higher.length}`);
  for (const one of [...higher, ...late].slice(0, 1))
    print(
      `    ${one.processId}: was due ${when(one.due)}, waits for ${one.waitsFor}; escalated to: ${one.escalatedTo}`,
    );
  print(`  paused: ${paused.length}`);
  for (const { processId } of paused.slice(0, 1)) {
    const status = await stateOf(simulation, processId);
    const deadline = status?.deadlines.find(({ state }) => state === 'paused');
    print(
      `    ${processId}: ${status?.stage ?? ''}, ${deadline?.code ?? 'its deadline'} paused with ${deadline?.remaining ?? ''} remaining`,
    );
  }
  await withdrawals(simulation);
}

/** The procedures whose first decision was made in time, one line each. */
async function inTime(
  simulation: Simulation,
  all: readonly IdentificationListed[],
): Promise<string[]> {
  const lines: string[] = [];
  for (const { processId } of all) {
    const asked = { processId, purpose: 'identification-decision' };
    const token = await simulation.token(AUTHORITY, 'competent-authority');
    const { decisions, recovery } = await call(
      simulation.clients.identification,
      'getIdentification',
      asked,
      {
        token,
      },
    );
    const [first] = decisions;
    if (first?.at && first.due && first.at <= first.due)
      lines.push(
        `${processId}: ${first.step} decided ${when(first.at)}, due ${day(first.due)}, for ${first.reasons.join(', ')}; recovery ${recovery}`,
      );
  }
  return lines;
}

async function stateOf(
  simulation: Simulation,
  processId: string,
): Promise<IdentificationState | undefined> {
  const asked = { processId, purpose: 'identification-decision' };
  const token = await simulation.token(AUTHORITY, 'competent-authority');
  return (await call(simulation.clients.identification, 'getIdentification', asked, { token }))
    .state;
}

/** Prints the withdrawn permissions, and the one for which services closed the most offers in detail. */
async function withdrawals(simulation: Simulation): Promise<void> {
  const found = await Promise.all(
    simulation.withdrawnPermissions.map(async ({ caseId, permissionId, organisation, role }) =>
      call(
        simulation.clients.consents,
        'getWithdrawal',
        { caseId, permissionId },
        { token: await simulation.token(organisation, role) },
      ),
    ),
  );
  const closed = ({ audiences }: (typeof found)[number]): number =>
    audiences.reduce((sum, one) => sum + one.closed, 0);
  const answered = found.filter(({ audiences }) =>
    audiences.every(({ acknowledgedAt }) => acknowledgedAt !== undefined),
  );
  print(
    `  permissions withdrawn: ${found.length}; acknowledged by every service: ${answered.length}`,
  );
  const [most] = answered.sort((a, b) => closed(b) - closed(a));
  if (!most) return;
  print(
    `    ${most.permissionId}: withdrawn ${when(most.at)}, called back: ${most.callBack || 'not needed'}`,
  );
  for (const { service, acknowledgedAt, closed: count } of most.audiences)
    print(`      ${service} acknowledged ${when(acknowledgedAt)} and closed ${count} offer(s)`);
  print(
    `      disclosed before, and shown to the person: ${most.disclosedBefore.length}; still readable: ${most.stillReadable.length}`,
  );
}
