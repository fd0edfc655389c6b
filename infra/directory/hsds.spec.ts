import { expect, it } from 'vitest';
import { organization } from './hsds.ts';
import { split } from './split.ts';

const id = '5f9d44db-2f19-5006-b67c-840b5d0f8d0b';
const siteId = '7e024d67-dc00-517a-b045-4d0b6f6ba997';

interface Dates {
  readonly service?: object;
  readonly location?: object;
  readonly capacity?: object;
}

const read = ({ service, location, capacity }: Dates) => {
  const place = {
    id: siteId,
    addresses: [{ address_1: 'x', city: 'y', postal_code: 'z' }],
    ...location,
  };
  return organization.safeParse({
    id: 'b56bc457-b129-5489-8d8f-53b6b847eae7',
    services: [
      {
        id,
        status: 'active',
        service_capacity: [{ unit: { name: 'bed' }, available: 2, maximum: 4, ...capacity }],
        service_at_locations: [{ location: place }],
        ...service,
      },
    ],
  });
};

function datesOf(dates: Dates) {
  const file = read(dates);
  if (!file.success) throw new Error(file.error.message);
  const { services, sites, counts } = split(file.data).dates;
  return { service: services.get(id), site: sites.get(siteId), count: counts.get(siteId) };
}

it('the date of a record is the newest one at which it was changed or checked', () => {
  const service = { last_modified: '2026-02-03T10:00:00+01:00', assured_date: '2026-01-05' };
  expect(datesOf({ service }).service).toEqual(new Date('2026-02-03T09:00:00Z'));
  expect(datesOf({ service: { ...service, assured_date: '2026-03-01' } }).service).toEqual(
    new Date('2026-03-01'),
  );
  const location = {
    metadata: [{ last_action_date: '2025-01-01' }, { last_action_date: '2025-06-01' }],
  };
  expect(datesOf({ location }).site).toEqual(new Date('2025-06-01'));
});

it('the date of a count is its own: a check of its service does not check its free beds', () => {
  const service = { assured_date: '2026-03-01' };
  expect(datesOf({ service, capacity: { updated: '2026-02-01T08:00:00' } }).count).toEqual(
    new Date('2026-02-01T08:00:00Z'),
  );
  expect(datesOf({ service }).count).toBeUndefined();
});

it('a record has no date where its dates are absent, null or empty', () => {
  for (const nothing of [undefined, null, ''])
    expect(
      datesOf({ service: { last_modified: nothing }, capacity: { updated: nothing } }),
    ).toEqual({
      service: undefined,
      site: undefined,
      count: undefined,
    });
});

it.each(['2026-02-30', '3 March', '2026-13-01T00:00:00Z', 12])(
  'a file with the wrong date %s is refused with the path of the record',
  (date) => {
    const { error } = read({ service: { last_modified: date } });
    expect(error?.issues).toMatchObject([{ path: ['services', 0, 'last_modified'] }]);
    expect(error?.issues[0]?.message).toMatch(/^must be a date like/);
  },
);

it('services that are not active are listed separately with their status', () => {
  const file = read({ service: { status: 'temporarily closed' } });
  if (!file.success) throw new Error(file.error.message);
  expect(split(file.data)).toMatchObject({
    services: [],
    sites: [],
    notActive: [{ serviceId: id, status: 'temporarily closed' }],
  });
});
