import { after, hours } from '@opennrm/runtime/decision';
import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import {
  accredit,
  accreditationOf,
  type DirectoryEntry,
  type DirectoryEvent,
  endAccreditation,
  endOfAccreditation,
  evolveDirectory,
  registerService,
  suspend,
} from './directory.ts';
import { monday, service } from './saga.fixture.ts';

const { given } = specification<DirectoryEntry, DirectoryEvent>(evolveDirectory);
const {
  accreditedUntil: _until,
  hint: _hint,
  openOffers: _open,
  unansweredLately: _late,
  ...entry
} = service('by-offer');
const year = after(monday, hours(24 * 365));
const nextDay = after(monday, hours(24));
const registered: DirectoryEvent = { type: 'ServiceRegistered', entry, at: monday };
const accredited: DirectoryEvent = { type: 'ServiceAccredited', until: year, at: monday };
const suspended: DirectoryEvent = { type: 'ServiceSuspended', code: 'inspection', at: nextDay };
const accreditedFor =
  (until = year) =>
  (known: DirectoryEntry) =>
    accredit(known, until, monday);
const suspends = (known: DirectoryEntry) => suspend(known, 'inspection', nextDay);

describe('a service that is registered', () => {
  it('has applied for accreditation, and may not be asked', () => {
    given()
      .when(() => registerService(entry, monday))
      .then(registered);
    const known = given()
      .when(() => registerService(entry, monday))
      .state();
    expect(known).toEqual({
      ...entry,
      accreditedUntil: undefined,
      suspended: false,
      registeredAt: monday,
      accreditationChangedAt: undefined,
    });
    expect(accreditationOf(known, monday)).toBe('applied');
  });

  it('must be registered before any other event', () =>
    expect(() => evolveDirectory(undefined, accredited)).toThrow(
      'ServiceAccredited before ServiceRegistered',
    ));
});

describe('the end of an accreditation by time', () => {
  const ended: DirectoryEvent = { type: 'AccreditationEnded', at: year };
  const ends =
    (now = year) =>
    (known: DirectoryEntry) =>
      endAccreditation(known, now);

  it('is recorded once, when the time is reached and not before', () => {
    given(registered, accredited).when(ends()).then(ended);
    given(registered, accredited)
      .when(ends(after(year, -1)))
      .ignored('not-ended');
    given(registered, accredited, ended).when(ends()).ignored('not-ended');
    given(registered).when(ends()).ignored('not-ended');
    given(registered, accredited, suspended).when(ends()).ignored('not-ended');
  });

  it('is due until it is recorded, and due again after a new accreditation', () => {
    const due = (...events: DirectoryEvent[]) =>
      endOfAccreditation(events.reduce(evolveDirectory, undefined as never));
    const later = after(year, hours(24));
    expect(due(registered)).toBeUndefined();
    expect(due(registered, accredited)).toBe(year);
    expect(due(registered, accredited, ended)).toBeUndefined();
    expect(due(registered, accredited, suspended)).toBeUndefined();
    expect(due(registered, accredited, ended, { ...accredited, until: later })).toBe(later);
    expect(
      accreditationOf(
        [registered, accredited, ended].reduce(evolveDirectory, undefined as never),
        year,
      ),
    ).toBe('ended');
  });
});

describe('an accreditation', () => {
  it('lets the service be asked until it ends', () => {
    given(registered).when(accreditedFor()).then(accredited);
    const known = given(registered).when(accreditedFor()).state();
    expect(known).toMatchObject({ accreditedUntil: year, suspended: false });
    expect(accreditationOf(known, monday)).toBe('accredited');
  });

  it('must end in the future', () => {
    given(registered).when(accreditedFor(monday)).refused('until-in-the-past', 'until');
    given(registered)
      .when(accreditedFor(after(monday, -1)))
      .refused('until-in-the-past', 'until');
  });

  it('may be extended', () => {
    const longer = after(year, hours(24));
    expect(given(registered, accredited).when(accreditedFor(longer)).state().accreditedUntil).toBe(
      longer,
    );
  });

  it('has ended from its end on', () => {
    const known = given(registered).when(accreditedFor()).state();
    expect(accreditationOf(known, after(year, -1))).toBe('accredited');
    expect(accreditationOf(known, year)).toBe('ended');
  });

  describe('with the condition that none was declared before', () => {
    const unlessDeclared =
      (now = monday) =>
      (known: DirectoryEntry) =>
        accredit(known, after(year, hours(24)), now, true);

    it('is given to a new entry', () =>
      given(registered)
        .when(unlessDeclared())
        .then({ type: 'ServiceAccredited', until: after(year, hours(24)), at: monday }));

    it('is refused where the service is accredited, is suspended, or was accredited until an end', () => {
      given(registered, accredited)
        .when(unlessDeclared())
        .refused('accredited-before', 'service_id');
      given(registered, accredited, suspended)
        .when(unlessDeclared())
        .refused('accredited-before', 'service_id');
      given(registered, accredited)
        .when(unlessDeclared(year))
        .refused('accredited-before', 'service_id');
    });
  });

  it('may be given again after a suspension', () => {
    const again = given(registered, accredited, suspended).when(accreditedFor()).state();
    expect(accreditationOf(again, monday)).toBe('accredited');
  });
});

describe('a suspension', () => {
  it('ends the accreditation at once, with a code', () => {
    given(registered, accredited).when(suspends).then(suspended);
    const known = given(registered, accredited).when(suspends).state();
    expect(known).toMatchObject({
      accreditedUntil: undefined,
      suspended: true,
      accreditationChangedAt: nextDay,
    });
    expect(accreditationOf(known, monday)).toBe('suspended');
  });

  it('of a service that was never accredited is refused', () =>
    given(registered).when(suspends).refused('not-accredited', 'service_id'));

  it('that is repeated changes nothing', () =>
    given(registered, accredited, suspended).when(suspends).ignored('already-suspended'));
});
