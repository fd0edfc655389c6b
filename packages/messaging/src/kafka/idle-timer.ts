import { createRequire } from 'node:module';

/** Of the queue of requests that kafkajs keeps for each connection, what is used here. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const MODULE = 'kafkajs/src/network/requestQueue';

const repaired = new WeakSet<object>();

/**
 * Stops the timer of an idle connection. kafkajs 2.2.4 looks every millisecond whether a request is pending, for ever and on each connection: 6 % of a
 * core for a service that does nothing. It need only look while one is pending: whoever adds one, and each answer, looks too.
 */
export function repairIdleTimer(): void {
  const { prototype } = createRequire(import.meta.url)(MODULE) as { prototype: RequestQueue };
  if (repaired.has(prototype)) return;
  repaired.add(prototype);
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
