import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { repairIdleTimer } from './idle-timer.ts';

interface Queue {
  throttledUntil: number;
  push(request: { entry: object; expectResponse: boolean; sendRequest: () => void }): void;
  fulfillRequest(answer: { correlationId: number; payload: null; size: number }): void;
  checkPendingRequests(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue;

const silent = { debug: () => undefined, warn: () => undefined };

/** @returns a queue that sends one request at a time, and the numbers of the requests that it has sent. */
function aQueue() {
  const sent: number[] = [];
  const queue = new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, logger: silent });
  const push = (correlationId: number): void =>
    queue.push({
      entry: { correlationId, resolve: () => undefined },
      expectResponse: true,
      sendRequest: () => void sent.push(correlationId),
    });
  const answer = (correlationId: number): void =>
    queue.fulfillRequest({ correlationId, payload: null, size: 0 });
  return { queue, sent, push, answer };
}

describe('the request queue of a connection', () => {
  beforeEach(() => {
    repairIdleTimer();
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  it('needs no timer when nothing is pending', () => {
    const { queue, push, answer } = aQueue();
    queue.checkPendingRequests();
    push(1);
    answer(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends the next request when an answer arrives', () => {
    const { sent, push, answer } = aQueue();
    for (const id of [1, 2, 3]) push(id);
    expect(sent).toEqual([1]);
    for (const id of [1, 2]) answer(id);
    expect(sent).toEqual([1, 2, 3]);
  });

  it('sends a waiting request when the pause that the broker asked for is over', () => {
    const { queue, sent, push } = aQueue();
    queue.throttledUntil = Date.now() + 500;
    push(1);
    vi.advanceTimersByTime(499);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(sent).toEqual([1]);
  });
});
