export type { Coded, CountryPack, Urgency } from './pack.ts';
export { addOpenTime, isOpen, nextNoon, type OpenHours } from './working-time.ts';
