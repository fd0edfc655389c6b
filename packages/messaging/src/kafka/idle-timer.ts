import { createRequire } from 'node:module';

/** The used part of the request queue that kafkajs has for each connection. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const MODULE = 'kafkajs/src/network/requestQueue';

const repaired = new WeakSet<object>();

/**
 * Stops the timer of an idle connection. kafkajs 2.2.4 checks every millisecond, on each connection, whether a request is pending: 6 % of
 * a core for an idle service. The check is needed only while a request is pending. Each new request and each answer also triggers it.
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
