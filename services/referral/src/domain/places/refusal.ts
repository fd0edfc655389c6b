/** Why a command about the places of a service changes nothing. */
export type PlacesRefusal =
  | 'already-started'
  | 'appointment-in-the-past'
  | 'appointment-not-recorded'
  | 'caseload-full'
  | 'in-use'
  | 'no-appointment'
  | 'no-appointments-here'
  | 'no-caseload-here'
  | 'no-such-slot'
  | 'not-confirmed'
  | 'not-held'
  | 'not-started'
  | 'person-not-agreed'
  | 'slot-in-the-past'
  | 'slot-taken'
  | 'slot-twice'
  | 'too-many-slots';
