const TRIES = 4;
const UNIQUE_VIOLATION = '23505';

/**
 * Deadlock and serialisation faults are done again at once, and so is a command that lost a race for an id: the second time it sees who won
 * and is refused by a rule. A database that is away is answered UNAVAILABLE.
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
