/** The second service of every peer: beds in a database of its own. Written by hand and without layers, so that it never slows a peer. */
import { type Run, retried } from '../bare/database.ts';

const shelterOf = (hold: string): number => Number.parseInt(hold.slice(0, 6), 16) % 75;

/** Takes a free bed and stores the hold in one transaction; a repeated call changes nothing. */
export const hold = (
  id: string,
  also: (run: Run) => Promise<unknown> = async () => undefined,
): Promise<void> =>
  retried(async (run) => {
    const made = await run(
      'hold',
      `INSERT INTO hold (id, shelter, stage) VALUES ($1, $2, 'held') ON CONFLICT DO NOTHING`,
      [id, shelterOf(id)],
    );
    if (made.rowCount === 0) return;
    await run('take', 'UPDATE shelter SET free = free - 1 WHERE id = $1 AND free > 0', [
      shelterOf(id),
    ]);
    await also(run);
  });

export const confirm = (
  id: string,
  also: (run: Run) => Promise<unknown> = async () => undefined,
): Promise<void> =>
  retried(async (run) => {
    await run('confirm', `UPDATE hold SET stage = 'confirmed' WHERE id = $1`, [id]);
    await also(run);
  });
