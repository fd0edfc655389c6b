import type { Declared } from './declared.ts';

/** A hold as the oracle knows it. It shares no code with the domain. */
export interface Entry {
  readonly status: string;
  readonly units: readonly string[];
  readonly places: number;
  readonly apart: readonly string[];
  readonly unitKind: string;
  /** The agreed time; null where none is. */
  readonly at: number | null;
  readonly worker: string | null;
  /** By when the service acts; null where nothing is awaited of it. */
  readonly awaited: { readonly by: number; readonly isReminder: boolean } | null;
}

export interface Ledger {
  readonly declared: Declared;
  /** Up to when the times of an appointment book were reported as begun. */
  readonly timesUntil: number;
  readonly entries: Readonly<Record<string, Entry>>;
}

export const entriesOf = ({ entries }: Ledger): readonly Entry[] => Object.values(entries);

export const withEntry = (ledger: Ledger, name: string, entry: Entry): Ledger => ({
  ...ledger,
  entries: { ...ledger.entries, [name]: entry },
});

export const without = (ledger: Ledger, name: string): Ledger => ({
  ...ledger,
  entries: Object.fromEntries(Object.entries(ledger.entries).filter(([one]) => one !== name)),
});

const keptUnits = (ledger: Ledger): readonly string[] =>
  entriesOf(ledger).flatMap(({ units }) => units);

/** The slot of a unit; null for a unit that is in no slot. */
export const slotOf = (unit: string): number | null => {
  const [, start] = /^(\d+)\/\d+$/.exec(unit) ?? [];
  return start === undefined ? null : Number(start);
};

/** How many places of a slot nobody has. */
export const placesLeftAt = (ledger: Ledger, start: number): number => {
  const { declared } = ledger;
  if (declared.kind !== 'appointments') return 0;
  const declaredPlaces = declared.slots.find((slot) => slot.start === start)?.places ?? 0;
  return declaredPlaces - keptUnits(ledger).filter((unit) => slotOf(unit) === start).length;
};

/** Whether a declared time has begun that was not reported as begun. */
export const hasNewlyBegun = ({ declared, timesUntil }: Ledger, now: number): boolean =>
  declared.kind === 'appointments' &&
  declared.slots.some(({ start }) => timesUntil < start && start <= now);

/** Where a party of this size can be placed: a slot, the whole service, or nowhere. */
export function placeFor(ledger: Ledger, size: number, now: number): number | 'service' | null {
  const { declared } = ledger;
  if (declared.kind === 'appointments') {
    const starts = declared.slots
      .map(({ start }): number => start)
      .filter((start) => start > now && placesLeftAt(ledger, start) >= size);
    return starts.length === 0 ? null : Math.min(...starts);
  }
  const capacity = declared.kind === 'count' ? declared.places : declared.limit;
  return capacity - keptUnits(ledger).length >= size ? 'service' : null;
}

/** Whether the units were free, are distinct and as many as the people, and are within the declaration at this place. */
export function areRight(
  ledger: Ledger,
  units: readonly string[],
  size: number,
  place: number | 'service' | 'over',
): boolean {
  const { declared } = ledger;
  const kept = keptUnits(ledger);
  if (new Set(units).size !== size || units.length !== size) return false;
  if (units.some((unit) => kept.includes(unit))) return false;
  if (place === 'over') return units.every((unit) => unit.startsWith('over-'));
  if (place !== 'service')
    return (
      declared.kind === 'appointments' &&
      units.every((unit) => {
        const nth = Number(unit.split('/')[1]);
        const most = declared.slots.find((slot) => slot.start === place)?.places ?? 0;
        return slotOf(unit) === place && nth >= 1 && nth <= most;
      })
    );
  const capacity =
    declared.kind === 'count' ? declared.places : declared.kind === 'caseload' ? declared.limit : 0;
  return units.every((unit) => /^\d+$/.test(unit) && Number(unit) >= 1 && Number(unit) <= capacity);
}
