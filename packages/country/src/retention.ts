import { z } from 'zod';
import { term } from './term.ts';

/** Every class of data, and how long it is kept after the last need for it. */
export const retention = z.object({
  'arrival-not-referred': term,
  'arrival-referred': term,
  screening: term,
  'identification-file': term,
  'duty-to-notify': term,
  'case-file': term,
  permission: term,
  'sealed-section': term,
  'attached-file': term,
  'disclosure-log': term,
  referral: term,
  stay: term,
  journal: term,
});
