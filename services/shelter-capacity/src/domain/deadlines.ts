import { expiryOf } from '@opennrm/holding';
import { type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import type { ProviderEvent } from './events.ts';
import type { Hold, HoldId } from './hold.ts';
import { acceptWithCapacity } from './holding.ts';
import type { Provider } from './provider.ts';

interface Deadline {
  readonly kind: 'hold' | 'absence';
  readonly due: Instant;
  readonly holdId: HoldId;
  readonly event: ProviderEvent;
}

function deadlinesOf(hold: Hold): Deadline[] {
  const { holdId } = hold;
  const expiry = expiryOf(hold);
  if (expiry) return [{ kind: 'hold', holdId, due: expiry.due, event: expiry.event }];
  if (
    hold.status === 'stay' &&
    hold.presence.kind === 'absent' &&
    hold.presence.keptUntil !== undefined
  )
    return [
      {
        kind: 'absence',
        holdId,
        due: hold.presence.keptUntil,
        event: { type: 'AbsenceOverdue', holdId },
      },
    ];
  return [];
}

/** The earliest deadline of a provider: the expiry of a hold, or the end of an absence. */
export function nextDeadline(provider: Provider): { kind: string; due: Instant } | undefined {
  const [first] = provider.holds.flatMap(deadlinesOf).toSorted((a, b) => a.due - b.due);
  return first && { kind: first.kind, due: first.due };
}

/** Time passed: every deadline that is due takes effect. */
export function timePasses(provider: Provider, now: Instant): Decision<ProviderEvent> {
  const due = provider.holds.flatMap(deadlinesOf).filter((deadline) => deadline.due <= now);
  const [first, ...others] = due.toSorted((a, b) => a.due - b.due);
  if (first === undefined) return ignore('nothing-due');
  const causedBy = others.length === 0 ? first.holdId : undefined;
  return acceptWithCapacity(
    provider,
    now,
    causedBy,
    first.event,
    ...others.map((deadline) => deadline.event),
  );
}
