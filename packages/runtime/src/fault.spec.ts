import { describe, expect, it } from 'vitest';
import { DatabaseUnreachable, type Fault, faultOf } from './fault.ts';

const withCode = (code: string): Error =>
  Object.assign(new Error('reported by the driver'), { code });
const systemError = (code: string): Error =>
  Object.assign(withCode(code), { syscall: 'connect', errno: -1 });

const sqlStates: readonly [Fault, string, string][] = [
  ['permanent', '0A000', 'a feature that is not supported'],
  ['permanent', '21000', 'a subquery with more than one row'],
  ['permanent', '22001', 'a text that is too long'],
  ['permanent', '22P02', 'a text that is not a number'],
  ['permanent', '23502', 'a null in a column that requires a value'],
  ['permanent', '23503', 'a foreign key that does not exist'],
  ['permanent', '23505', 'a key that already exists'],
  ['permanent', '23514', 'a check that fails'],
  ['permanent', '42601', 'a syntax error'],
  ['permanent', '42P01', 'a table that does not exist'],
  ['permanent', '42703', 'a column that does not exist'],
  ['permanent', '44000', 'a row that violates the check option of a view'],
  ['permanent', '54000', 'a value too large for an index'],
  ['permanent', 'P0001', 'an exception raised by a trigger'],
  ['too-slow', '57014', 'a statement time-out'],
  ['transient', '42501', 'a privilege that was revoked'],
  ['transient', '08006', 'a connection that broke'],
  ['transient', '08P01', 'a protocol violation'],
  ['transient', '25006', 'a read-only server after a failover'],
  ['transient', '25P02', 'a transaction that had failed before'],
  ['transient', '25P03', 'an idle transaction that was ended'],
  ['transient', '26000', 'a prepared statement that the server no longer has'],
  ['transient', '28000', 'a role that may not log in'],
  ['transient', '28P01', 'a password that was rotated'],
  ['transient', '3D000', 'a database that does not exist yet'],
  ['transient', '40001', 'a serialisation failure'],
  ['transient', '40003', 'a commit with an unknown outcome'],
  ['transient', '40P01', 'a deadlock'],
  ['transient', '53100', 'a full disk'],
  ['transient', '53200', 'out of memory'],
  ['transient', '53300', 'too many connections'],
  ['transient', '55P03', 'a lock that was not available in time'],
  ['transient', '57P01', 'a shutdown by an administrator'],
  ['transient', '57P03', 'a server that is still starting'],
  ['transient', '58030', 'a failing disk'],
  ['transient', 'F0000', 'a configuration file in error'],
  ['transient', 'XX000', 'an internal error'],
  ['transient', 'XX001', 'corrupted data'],
  ['transient', '99999', 'an unknown class'],
];

describe('an error of PostgreSQL', () => {
  it.each(sqlStates)('is %s with %s: %s', (fault, code) =>
    expect(faultOf(withCode(code))).toBe(fault),
  );
});

const systemErrors = [
  'EAI_AGAIN',
  'ENOTFOUND',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOSPC',
  'EROFS',
  'EIO',
  'EACCES',
];

describe('an error of the operating system', () => {
  it.each(systemErrors)('is transient: %s', (code) => {
    expect(faultOf(systemError(code))).toBe('transient');
    expect(faultOf(withCode(code))).toBe('transient');
  });
  it('is transient when every address of a name refused the connection', () =>
    expect(faultOf(new AggregateError([withCode('ECONNREFUSED')]))).toBe('transient'));
});

describe('an error of the program', () => {
  it.each([
    ['a TypeError', new TypeError('x is not a function')],
    [
      'a TypeError with a code of Node',
      Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
    ],
    ['a RangeError', new RangeError('x')],
    ['an assertion', withCode('ERR_ASSERTION')],
    ['an error that the program throws itself', new Error('a new referral cannot be ignored')],
  ])('is permanent: %s', (_what, error) => expect(faultOf(error)).toBe('permanent'));
});

describe('an unknown error', () => {
  it.each([
    ['a code that is not in the table', withCode('SOMETHING_NEW')],
    ['a TLS failure', withCode('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['a value that is not an error', 'a text'],
    ['an unreachable database without a cause', new DatabaseUnreachable()],
  ])('is transient: %s', (_what, error) => expect(faultOf(error)).toBe('transient'));
});
