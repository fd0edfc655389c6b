import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const LAST_BYTES = 4_000;
const LAST_LINES = 20;

/** The last lines of a log file, for an error message. */
export function tailOf(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, LAST_BYTES));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return (
      bytes.toString('utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n') || '(it is empty)'
    );
  } finally {
    closeSync(handle);
  }
}
