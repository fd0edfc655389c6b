export { type ManualClock, manualClock } from './manual-clock.ts';
export { namedInSource } from './plans/named-in-source.ts';
export { specification } from './specification.ts';
