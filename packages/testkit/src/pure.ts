export { type ManualClock, manualClock } from './manual-clock.ts';
export { specification } from './specification.ts';
