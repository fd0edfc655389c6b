import { table } from '@opennrm/infra/report';
import type { Command } from './command.ts';
import type { OpenPlatform } from './open-platform.ts';

interface Depths {
  unsent: number;
  refused: number;
  parked: number;
  quarantined: number;
  deadlines: number;
  epoch: number;
}

export const status: Command = {
  subjects: '',
  summary:
    'the messages of each service that wait: unsent, refused by the broker, parked, quarantined; and its deadlines and epoch',
  help: 'Exit code 1 when an operator must act. What to do: docs/operations.md, "When something waits".',
  effect: 'reads',
  run: show,
};

/** Prints what waits in each service. @returns 1 when an operator must act. */
async function show(platform: OpenPlatform): Promise<number> {
  const rows: (string | number)[][] = [
    ['', 'unsent', 'refused by Kafka', 'parked', 'keys quarantined', 'deadlines set', 'epoch'],
  ];
  let needed = 0;
  for (const [name, database] of platform.services) {
    const { rows: found } = await database.query<Depths>(
      `SELECT (SELECT count(*)::int FROM outbox WHERE parked IS NULL) AS unsent, (SELECT count(*)::int FROM outbox WHERE parked IS NOT NULL) AS refused,
         (SELECT count(*)::int FROM parked) AS parked, (SELECT count(*)::int FROM quarantine) AS quarantined,
         (SELECT count(*)::int FROM timers) AS deadlines, (SELECT number FROM epoch) AS epoch`,
    );
    const [row] = found;
    if (!row) continue;
    rows.push([
      name,
      row.unsent,
      row.refused,
      row.parked,
      row.quarantined,
      row.deadlines,
      row.epoch,
    ]);
    needed += row.refused + row.parked + row.quarantined;
  }
  console.log(table(rows));
  console.log(
    needed === 0 ? '\nNo operator is needed.' : '\nAn operator must act: npm run ops -- parked',
  );
  return needed === 0 ? 0 : 1;
}
