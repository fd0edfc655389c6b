import { pino } from 'pino';

/** The log of the platform: codes, references and durations. Personal data have the type `Personal`, which is not printed. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(bindings: Record<string, unknown>): Log;
};

/** JSON lines on standard output. Each line names the service. */
export const createLog = (service: string, level = 'info'): Log =>
  pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime }) as Log;
