import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded into a service's process before its own code, by `service-faults.ts`. Changes its name resolution and its wall clock as a file states. Those
 * of the machine cannot be changed: other processes use them.
 */
const file = process.env.FAULT_STATE_FILE ?? '';
let state = { unresolved: false, aheadMs: 0 };
const readState = (): void => {
  try {
    state = JSON.parse(readFileSync(file, 'utf8')) as typeof state;
  } catch {
    // the file is being written
  }
};
readState();
setInterval(readState, 50).unref();

type LookUp = (
  host: string,
  options: object,
  callback: (error: Error | null, ...rest: unknown[]) => void,
) => void;
const lookup = dns.lookup as unknown as LookUp;
const faulty: LookUp = (host, options, callback) => {
  readState(); // a name may be looked up after the test wrote the file and before the next interval
  if (!state.unresolved) return lookup(host, options, callback);
  const failure = Object.assign(new Error(`getaddrinfo EAI_AGAIN ${host}`), {
    code: 'EAI_AGAIN',
    syscall: 'getaddrinfo',
  });
  process.nextTick(callback, failure);
};
dns.lookup = faulty as unknown as typeof dns.lookup;

const now = Date.now.bind(Date);
class FaultyDate extends Date {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(FaultyDate.now());
    else super(...(given as [number]));
  }
  static override now(): number {
    return now() + state.aheadMs;
  }
}
globalThis.Date = FaultyDate as DateConstructor;
syncBuiltinESMExports();
