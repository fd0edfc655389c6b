import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import pretty from 'pino-pretty';

const READ_EVERY_MS = 200;
const AT_MOST_BYTES = 256 * 1024;

/** Prints new lines of the log files of several services as one readable stream: time, service, message, fields. */
export function followLogs(files: readonly string[]): void {
  const out = pretty({
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,service',
    messageFormat: '{service}: {msg}',
    singleLine: true,
  });
  const ends = new Map(files.map((file) => [file, sizeOf(file)]));
  setInterval(() => {
    for (const [file, end] of ends) {
      const added = readFrom(file, end);
      ends.set(file, end + added.length);
      if (added.length > 0) out.write(added.toString('utf8'));
    }
  }, READ_EVERY_MS);
}

function sizeOf(file: string): number {
  const handle = openSync(file, 'r');
  try {
    return fstatSync(handle).size;
  } finally {
    closeSync(handle);
  }
}

/** Reads whole lines only: a line that is still being written is read the next time. */
function readFrom(file: string, start: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(AT_MOST_BYTES);
    const read = bytes.subarray(0, readSync(handle, bytes, 0, AT_MOST_BYTES, start));
    return read.subarray(0, read.lastIndexOf('\n') + 1);
  } finally {
    closeSync(handle);
  }
}
