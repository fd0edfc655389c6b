import type { Decision } from '@opennrm/runtime/decision';
import { expect } from 'vitest';

interface Happened {
  readonly type: string;
}

interface Then<State, Event> {
  /** Exactly these events happened, in this order; given by type, or by type and the relevant fields. */
  then(...expected: (string | Partial<Event>)[]): void;
  refused(refusal: string, field?: string): void;
  ignored(reason: string): void;
  /** The state after the events. Fails when the decision was not accepted. */
  state(): State;
  /** All events so far. */
  events(): Event[];
  /** The next decision, after the events so far. */
  and(decide: (state: State) => Decision<Event, string>): Then<State, Event>;
}

/**
 * given/when/then for a pure decider: `given(…past events).when(decide).then('OfferSoftened', …)`. No mocks and no I/O: time, ids and
 * knowledge are data in the command.
 */
export function specification<State, Event extends Happened>(
  evolve: (before: State | undefined, event: Event) => State,
) {
  const fold = (events: readonly Event[]): State | undefined =>
    events.reduce<State | undefined>((state, event) => evolve(state, event), undefined);
  const when = (
    past: readonly Event[],
    decide: (state: State) => Decision<Event, string>,
  ): Then<State, Event> => {
    const decision = decide(fold(past) as State);
    const accepted = (): Event[] => {
      if (decision.kind !== 'accepted')
        throw new Error(`nothing was accepted: ${JSON.stringify(decision)}`);
      return [...past, ...decision.events];
    };
    return {
      // biome-ignore lint/suspicious/noThenProperty: the word that ends a given/when/then; nothing here is awaited
      then(...expected) {
        expect(decision.kind).toBe('accepted');
        const events = decision.kind === 'accepted' ? decision.events : [];
        expect(events.map((event) => event.type)).toEqual(
          expected.map((one) => (typeof one === 'string' ? one : one.type)),
        );
        for (const [nth, one] of expected.entries())
          if (typeof one !== 'string') expect(events[nth]).toMatchObject(one);
      },
      refused(refusal, field) {
        expect(decision).toEqual(
          field === undefined ? { kind: 'refused', refusal } : { kind: 'refused', refusal, field },
        );
      },
      ignored(reason) {
        expect(decision).toEqual({ kind: 'ignored', reason });
      },
      state: () => fold(accepted()) as State,
      events: accepted,
      and: (next) => when(accepted(), next),
    };
  };
  return {
    given: (...past: readonly Event[]) => ({
      when: (decide: (state: State) => Decision<Event, string>): Then<State, Event> =>
        when(past, decide),
    }),
  };
}
