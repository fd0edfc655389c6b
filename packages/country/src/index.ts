export { type Delivery, DIRECTORY } from '@opennrm/contracts/providers';
export {
  type Calendar,
  isWorkingDay,
  type LocalDate,
  localDateOf,
  localTimeOf,
  plusDays,
  startOfDay,
} from './calendar.ts';
export type { Coded } from './code.ts';
export type { Power } from './consent.ts';
export { desksOf } from './desks.ts';
export type { Identification, Step } from './identification.ts';
export type { FormCondition, FormField, IntakeForm } from './intake-form.ts';
export type { Consent, CountryPack, Urgency } from './pack.ts';
export { endOfTerm, extendTerm, remainingTerm, type Term, type TermEnd } from './term.ts';
export { addOpenTime, isOpen, nextNoon, type OpenHours, type Opening } from './working-time.ts';
