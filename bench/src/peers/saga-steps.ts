import { transaction } from '../bare/database.ts';

/** The two steps that a durable workflow stores in its own tables. */
export const offer = (id: string): Promise<void> =>
  transaction(async (run) => {
    await run(
      'offer',
      `INSERT INTO saga (id, stage) VALUES ($1, 'offered') ON CONFLICT DO NOTHING`,
      [id],
    );
  });

export const confirmed = (id: string): Promise<void> =>
  transaction(async (run) => {
    await run('confirmed', `UPDATE saga SET stage = 'confirmed' WHERE id = $1`, [id]);
  });
