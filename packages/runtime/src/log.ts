import { pino } from 'pino';

/** What the platform logs with: codes, references and durations. A person's words or name have the type `Personal`. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(bindings: Record<string, unknown>): Log;
};

/** JSON lines on standard output, each naming the service. */
export const createLog = (service: string, level = 'info'): Log =>
  pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime }) as Log;
