import { z } from 'zod';
import { term } from './term.ts';

/** How long each class of data is kept after its last use. */
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
