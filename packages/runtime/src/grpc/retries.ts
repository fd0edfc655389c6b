const TRIES = 4;
const UNIQUE_VIOLATION = '23505';

/**
 * Retries deadlocks and serialisation faults at once, and once a command that lost a race for an id: in its second run it finds the id
 * and is refused by a rule. When the database is away, the answer is UNAVAILABLE.
 */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (tried >= TRIES || !(code.startsWith('40') || (code === UNIQUE_VIOLATION && tried === 1)))
        throw error;
    }
  }
}
