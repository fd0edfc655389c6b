/**
 * Whose fault an error is:
 * - `permanent`: the work itself causes it (its data break a rule of the database, the program fails on it): done again it fails again;
 * - `too-slow`: a statement took longer than it may. The work may be the cause, or the load: it is tried again a few times;
 * - `transient`: its surroundings cause it (network, name resolution, failover, a full disk, a password), or nobody knows. It is tried again for as
 *   long as it lasts, because to give up sound work is worse than to wait.
 */
export type Fault = 'permanent' | 'too-slow' | 'transient';

/** The database was not reached, or did not answer; what a statement that was under way has done is not known. Never the driver's words. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
}

const QUERY_CANCELED = '57014';

/** Classes of SQLSTATE that the work itself causes (PostgreSQL, appendix A). Every other class is of the surroundings. */
const PERMANENT_CLASSES: Readonly<Record<string, string>> = {
  '0A': 'feature not supported',
  '21': 'cardinality violation',
  '22': 'data exception',
  '23': 'integrity constraint violation',
  '42': 'syntax error, or a table, column or function that is not there',
  '44': 'WITH CHECK OPTION violation',
  '54': 'program limit exceeded: a value too large for an index',
  P0: 'raised by a trigger or function of ours',
};

/** Of these classes, but of the surroundings: a privilege was taken away. */
const TRANSIENT_EXCEPTIONS = ['42501'];

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return 'transient';
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (code === QUERY_CANCELED) return 'too-slow';
  if (
    error instanceof DatabaseUnreachable ||
    error instanceof AggregateError ||
    syscall !== undefined
  )
    return 'transient';
  if (typeof code === 'string' && isSqlState(code)) {
    const own = code.slice(0, 2) in PERMANENT_CLASSES && !TRANSIENT_EXCEPTIONS.includes(code);
    return own ? 'permanent' : 'transient';
  }
  if (isProgramError(error)) return 'permanent';
  return code === undefined ? 'permanent' : 'transient';
}

/** Codes of the operating system (EPIPE, EROFS) have letters only; every SQLSTATE has a digit in its class. */
const isSqlState = (code: string): boolean =>
  /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code.slice(0, 2));

/** What JavaScript throws when a program is wrong, with a code of Node's or without. */
const isProgramError = (error: Error): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  error instanceof SyntaxError ||
  error instanceof URIError ||
  (error as { code?: unknown }).code === 'ERR_ASSERTION';
