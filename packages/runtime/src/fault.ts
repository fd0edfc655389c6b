/**
 * The kind of a fault:
 * - `permanent`: the work itself causes it (its data violate a rule of the database, or the program fails on it), so a repeat fails
 * again;
 * - `too-slow`: a statement exceeded its time limit. The work or the load may be the cause, so it is retried a few times;
 * - `transient`: the environment causes it (network, name resolution, failover, a full disk, a password), or the cause is unknown. It is
 * retried for as long as it lasts, because giving up valid work is worse than waiting.
 */
export type Fault = 'permanent' | 'too-slow' | 'transient';

/**
 * The database was not reached or did not answer. The outcome of a running statement is unknown. The error never contains the driver's
 * text.
 */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
}

const QUERY_CANCELED = '57014';

/** Classes of SQLSTATE that the work itself causes (PostgreSQL, appendix A). Every other class is caused by the environment. */
const PERMANENT_CLASSES: Readonly<Record<string, string>> = {
  '0A': 'feature not supported',
  '21': 'cardinality violation',
  '22': 'data exception',
  '23': 'integrity constraint violation',
  '42': 'syntax error, or a table, column or function that does not exist',
  '44': 'WITH CHECK OPTION violation',
  '54': 'program limit exceeded: a value too large for an index',
  P0: 'raised by a trigger or function of this platform',
};

/** Codes of these classes that the environment causes: a privilege was revoked. */
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

/** The errors that JavaScript throws for a fault of the program, with a code of Node or without. */
const isProgramError = (error: Error): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  error instanceof SyntaxError ||
  error instanceof URIError ||
  (error as { code?: unknown }).code === 'ERR_ASSERTION';
