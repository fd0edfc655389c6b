import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type ServiceError, status } from '@grpc/grpc-js';
import { call as callOnce } from '@opennrm/runtime';

/** Real time during which a call without an answer is sent again with the same key. */
const PATIENCE_MS = 120_000;
const AGAIN_AFTER_MS = 500;
const NO_ANSWER: readonly (status | undefined)[] = [
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
];

/**
 * A call as a real client makes it: without an answer, the same command is sent again with the same idempotency key, so that a command that was
 * accepted is not done twice. Rejects with grpc-js's ServiceError.
 */
export const call: typeof callOnce = async (client, method, request, options) => {
  const key = options.key ?? randomUUID();
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    try {
      return await callOnce(client, method, request, { ...options, key });
    } catch (error) {
      if (!NO_ANSWER.includes((error as ServiceError).code) || Date.now() > end) throw error;
      await pause(AGAIN_AFTER_MS);
    }
  }
};
