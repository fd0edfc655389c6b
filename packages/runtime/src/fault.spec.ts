import { describe, expect, it } from 'vitest';
import { DatabaseUnreachable, type Fault, faultOf } from './fault.ts';

const withCode = (code: string): Error => Object.assign(new Error('said by the driver'), { code });
const ofTheSystem = (code: string): Error =>
  Object.assign(withCode(code), { syscall: 'connect', errno: -1 });

const sqlStates: readonly [Fault, string, string][] = [
  ['permanent', '0A000', 'a feature that is not supported'],
  ['permanent', '21000', 'a subquery with more than one row'],
  ['permanent', '22001', 'a text that is too long'],
  ['permanent', '22P02', 'a text that is no number'],
  ['permanent', '23502', 'a null where there may be none'],
  ['permanent', '23503', 'a foreign key that is not there'],
  ['permanent', '23505', 'a key that is there already'],
  ['permanent', '23514', 'a check that fails'],
  ['permanent', '42601', 'a syntax error'],
  ['permanent', '42P01', 'a table that is not there'],
  ['permanent', '42703', 'a column that is not there'],
  ['permanent', '44000', 'a view that checks'],
  ['permanent', '54000', 'a value too large for an index'],
  ['permanent', 'P0001', 'an exception raised by a trigger'],
  ['too-slow', '57014', 'a statement time-out'],
  ['transient', '42501', 'a privilege that was taken away'],
  ['transient', '08006', 'a connection that broke'],
  ['transient', '08P01', 'a protocol violation'],
  ['transient', '25006', 'a read-only server after a failover'],
  ['transient', '25P02', 'a transaction that had failed before'],
  ['transient', '25P03', 'an idle transaction that was ended'],
  ['transient', '26000', 'a prepared statement that the server forgot'],
  ['transient', '28000', 'a role that may not log in'],
  ['transient', '28P01', 'a password that was rotated'],
  ['transient', '3D000', 'a database that is not there yet'],
  ['transient', '40001', 'a serialisation failure'],
  ['transient', '40003', 'a commit whose outcome is not known'],
  ['transient', '40P01', 'a deadlock'],
  ['transient', '53100', 'a full disk'],
  ['transient', '53200', 'memory that ran out'],
  ['transient', '53300', 'too many connections'],
  ['transient', '55P03', 'a lock that was not to be had in time'],
  ['transient', '57P01', 'a shutdown by an administrator'],
  ['transient', '57P03', 'a server that still starts'],
  ['transient', '58030', 'a disk that fails'],
  ['transient', 'F0000', 'a configuration file in error'],
  ['transient', 'XX000', 'an internal error'],
  ['transient', 'XX001', 'corrupted data'],
  ['transient', '99999', 'a class that nobody knows yet'],
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
  it.each(systemErrors)('is passing: %s', (code) => {
    expect(faultOf(ofTheSystem(code))).toBe('transient');
    expect(faultOf(withCode(code))).toBe('transient');
  });
  it('is passing where every address of a name refused', () =>
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
  ])('is own: %s', (_what, error) => expect(faultOf(error)).toBe('permanent'));
});

describe('an error that nobody knows', () => {
  it.each([
    ['a code that is not in the table', withCode('SOMETHING_NEW')],
    ['a TLS failure', withCode('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['something that is no error', 'a text'],
    ['a driver that does not say why', new DatabaseUnreachable()],
  ])('is passing: %s', (_what, error) => expect(faultOf(error)).toBe('transient'));
});
