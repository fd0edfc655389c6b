import { after, hours } from '@opennrm/runtime/decision';
import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import {
  accredit,
  accreditationOf,
  type Directory,
  type DirectoryEvent,
  evolveDirectory,
  registerService,
  suspend,
} from './directory.ts';
import { monday, service } from './saga.fixture.ts';

const { given } = specification<Directory, DirectoryEvent>(evolveDirectory);
const {
  accreditedUntil: _until,
  hint: _hint,
  openOffers: _open,
  unansweredLately: _late,
  ...entry
} = service('by-offer');
const year = after(monday, hours(24 * 365));
const registered: DirectoryEvent = { type: 'ServiceRegistered', entry };
const accredited: DirectoryEvent = { type: 'ServiceAccredited', until: year };
const suspended: DirectoryEvent = { type: 'ServiceSuspended', code: 'inspection' };
const accreditedFor =
  (until = year) =>
  (known: Directory) =>
    accredit(known, until, monday);
const suspends = (known: Directory) => suspend(known, 'inspection');

describe('a service that is registered', () => {
  it('has applied, and may not be asked', () => {
    given()
      .when(() => registerService(entry))
      .then(registered);
    const known = given()
      .when(() => registerService(entry))
      .state();
    expect(known).toEqual({ ...entry, accreditedUntil: undefined, suspended: false });
    expect(accreditationOf(known)).toBe('applied');
  });

  it('is the beginning of its entry: nothing can have happened to it before', () =>
    expect(() => evolveDirectory(undefined, accredited)).toThrow('ServiceAccredited before ServiceRegistered'));
});

describe('an accreditation', () => {
  it('lets the service be asked until its end', () => {
    given(registered).when(accreditedFor()).then(accredited);
    const known = given(registered).when(accreditedFor()).state();
    expect(known).toMatchObject({ accreditedUntil: year, suspended: false });
    expect(accreditationOf(known)).toBe('accredited');
  });

  it('must end in the future', () => {
    given(registered).when(accreditedFor(monday)).refused('until-in-the-past', 'until');
    given(registered)
      .when(accreditedFor(after(monday, -1)))
      .refused('until-in-the-past', 'until');
  });

  it('may be given for longer', () => {
    const longer = after(year, hours(24));
    expect(given(registered, accredited).when(accreditedFor(longer)).state().accreditedUntil).toBe(longer);
  });

  it('may be given again after a suspension', () => {
    const again = given(registered, accredited, suspended).when(accreditedFor()).state();
    expect(accreditationOf(again)).toBe('accredited');
  });
});

describe('a suspension', () => {
  it('takes the accreditation at once, with its code', () => {
    given(registered, accredited).when(suspends).then(suspended);
    const known = given(registered, accredited).when(suspends).state();
    expect(known).toMatchObject({ accreditedUntil: undefined, suspended: true });
    expect(accreditationOf(known)).toBe('suspended');
  });

  it('of what was never accredited is refused', () =>
    given(registered).when(suspends).refused('not-accredited', 'service_id'));

  it('a second time changes nothing', () =>
    given(registered, accredited, suspended).when(suspends).ignored('already-suspended'));
});
