import { randomUUID } from 'node:crypto';
import {
  type HsdsOrganization,
  type ImportResult,
  importDirectory,
  readHsds,
  split,
} from '@opennrm/infra/directory';
import { inRepository } from '@opennrm/infra/local';
import { call } from '@opennrm/runtime';
import { beforeAll, expect, it } from 'vitest';
import { startCallProxy } from './call-proxy.ts';
import { rows } from './state.ts';
import { eventually, type World } from './world.ts';

export function importStopsAnywhere(world: () => World): void {
  let sample: HsdsOrganization[];
  beforeAll(async () => {
    sample = await readHsds(inRepository('infra/countries/sample/directory.hsds.json'));
  });

  /** A new organisation with a shelter with rooms, a shelter with a count, and a service without a place. */
  function newOrganisation(): HsdsOrganization {
    const [rooms, count, none] = [
      sample.find((one) => split(one).sites.some((site) => site.rooms.length > 1)),
      sample.find((one) =>
        split(one).counts.some(({ occupiedByOthers, units }) => occupiedByOthers < units),
      ),
      sample.find((one) => split(one).sites.length === 0),
    ];
    if (!rooms || !count || !none)
      throw new Error('the sample directory has not all kinds of services');
    const services = [rooms, count, none]
      .flatMap((one) => structuredClone(one.services))
      .map(withNewIds);
    const made = { ...rooms, id: randomUUID(), services };
    // An accredited shelter with free beds would be offered to the people of other journeys.
    for (const { id } of services) world().onJourneyEnd(() => suspend(id));
    return made;
  }

  async function imports(
    one: HsdsOrganization,
    between: Parameters<typeof startCallProxy>[1] = {},
  ) {
    const calls = await startCallProxy(world(), between);
    const importing: Promise<ImportResult> = importDirectory([one], {
      referralAddress: calls.address,
      shelterAddress: calls.address,
      token: (organisation, role) =>
        world().platform.issuer.token({ person: randomUUID(), organisation, role }),
      accredit: { organisation: world().accreditors.id, until: '2027-12-31' },
      progress: () => undefined,
    });
    const outcome = await importing.then(
      ({ proposals: left }) => ({ left, finished: true }),
      (error: { details?: string }) => ({ left: [], finished: false, why: error.details }),
    );
    calls.stop();
    return { ...outcome, answered: calls.answered };
  }

  const staffOf = (one: HsdsOrganization) => world().organisation(one.id).as('provider-staff');

  async function suspend(serviceId: string): Promise<void> {
    const accreditor = await world().accreditors.as('accreditor');
    await call(world().directory, 'suspend', { serviceId, code: 'safety' }, accreditor);
  }

  /** @returns whether the call found its object; the import may have stopped before it made the object. */
  const whereItExists = (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => true,
      (error: { details?: string }) => {
        expect(error.details).toMatch(/^not-found/);
        return false;
      },
    );

  async function accreditAndSuspend(serviceId: string): Promise<boolean> {
    const accreditor = await world().accreditors.as('accreditor');
    const accredited = call(
      world().directory,
      'accredit',
      { serviceId, until: '2027-06-30' },
      accreditor,
    );
    if (!(await whereItExists(accredited))) return false;
    await suspend(serviceId);
    return true;
  }

  async function declareFull(one: HsdsOrganization): Promise<boolean> {
    const [{ siteId = '', units = 0 } = {}] = split(one).counts;
    const full = { siteId, units, occupiedByOthers: units };
    return whereItExists(call(world().shelters, 'declareCount', full, await staffOf(one)));
  }

  /** Everything that the import makes, without ids and times: services, sites, and the free units that matching uses. */
  async function importedState(one: HsdsOrganization) {
    const staff = await staffOf(one);
    const { services, sites } = split(one);
    const entries = services.map(async ({ serviceId }) => {
      const { service } = await call(world().directory, 'getService', { serviceId }, staff);
      const hints = await rows<{ free: number }>(
        world(),
        'referral',
        `SELECT free FROM capacity_hint WHERE service_id = '${serviceId}'`,
      );
      return {
        ...service,
        serviceId: '',
        organisationId: '',
        registeredAt: '',
        accreditationChangedAt: '',
        hints,
      };
    });
    const places = sites.map(async ({ siteId }) => {
      const { unitKind, rooms, count } = await call(world().shelters, 'getSite', { siteId }, staff);
      const beds = rooms.map(({ attributes, groups, unitIds }) => ({
        attributes,
        groups,
        units: unitIds.length,
      }));
      return { unitKind, beds, units: count?.units, occupiedByOthers: count?.occupiedByOthers };
    });
    return { entries: await Promise.all(entries), places: await Promise.all(places) };
  }

  it('an import completes what an earlier import began, whichever call that one stopped after', async () => {
    const whole = newOrganisation();
    const { answered, left } = await imports(whole);
    expect(left).toEqual([]);
    expect(answered).toContain('declareCount');
    expect(answered.filter((rpc) => rpc === 'accredit')).toHaveLength(3);
    await eventually(async () => {
      const { entries, places } = await importedState(whole);
      expect(entries.map((entry) => entry.hints.map(({ free }) => free > 0))).toEqual([
        [true],
        [true],
        [],
      ]);
      expect(places).toHaveLength(2);
    });
    const reference = await importedState(whole);
    for (const stopsAfter of answered.keys()) {
      const one = newOrganisation();
      const first = await imports(one, { stopsAfter });
      expect(first).toMatchObject({ finished: false, why: 'the import was stopped here' });
      expect(first.answered).toEqual(answered.slice(0, stopsAfter));
      expect(await imports(one)).toMatchObject({ finished: true, left: [] });
      await eventually(async () =>
        expect(await importedState(one), `stopped after ${stopsAfter}`).toEqual(reference),
      );
    }
  });

  it('an import keeps what a person decided after an earlier import stopped, whichever call that one stopped after', async () => {
    const { answered } = await imports(newOrganisation());
    let [suspended, declared] = [0, 0];
    for (const stopsAfter of [...answered.keys(), answered.length]) {
      const one = newOrganisation();
      await imports(one, { stopsAfter });
      const [{ serviceId = '' } = {}] = split(one).services;
      const isSuspended = await accreditAndSuspend(serviceId);
      const isFull = await declareFull(one);
      if (isSuspended) suspended++;
      if (isFull) declared++;
      const { finished, left } = await imports(one);
      expect(finished).toBe(true);
      const kinds = [
        ...(isFull ? ['count-differs'] : []),
        ...(isSuspended ? ['accreditation-stays'] : []),
      ];
      expect(left.map(({ kind }) => kind)).toEqual(kinds);
      await eventually(async () => {
        const { entries, places } = await importedState(one);
        const [first, second, third] = entries;
        const [, counted] = places;
        expect(first?.accreditation).toBe(isSuspended ? 'suspended' : 'accredited');
        expect([second?.accreditation, third?.accreditation]).toEqual(['accredited', 'accredited']);
        expect(counted?.occupiedByOthers === counted?.units).toBe(isFull);
        if (isFull) expect(second?.hints).toEqual([{ free: 0 }]);
      });
    }
    expect(suspended).toBeGreaterThan(5);
    expect(declared).toBeGreaterThan(3);
  });

  it('an import keeps what a person decides while it runs, between its read and its write', async () => {
    const one = newOrganisation();
    const [{ serviceId = '' } = {}] = split(one).services;
    const decided = new Set<string>();
    const before = async (rpc: string): Promise<void> => {
      if (decided.has(rpc)) return;
      decided.add(rpc);
      if (rpc === 'accredit') await accreditAndSuspend(serviceId);
      if (rpc === 'declareCount') await declareFull(one);
    };
    const { left } = await imports(one, { before });
    expect(left.map(({ kind }) => kind)).toEqual(['count-differs', 'accreditation-stays']);
    const { entries, places } = await importedState(one);
    expect(entries[0]?.accreditation).toBe('suspended');
    expect(places[1]?.occupiedByOthers).toBe(places[1]?.units);
  });

  it('two imports of the same file at the same time give the same result as one', async () => {
    const [one, reference] = [newOrganisation(), newOrganisation()];
    await imports(reference);
    const both = await Promise.all([imports(one), imports(one)]);
    for (const each of both) expect(each).toMatchObject({ finished: true, left: [] });
    await eventually(async () =>
      expect(await importedState(one)).toEqual(await importedState(reference)),
    );
  });

  it('an import does not renew an accreditation that has ended', async () => {
    const one = newOrganisation();
    await imports(one, { stopsAfter: 4 });
    const [{ serviceId = '' } = {}] = split(one).services;
    const accreditor = await world().accreditors.as('accreditor');
    await call(world().directory, 'accredit', { serviceId, until: '2027-06-30' }, accreditor);
    // Business time must not jump here: all journeys share it.
    const ended = `jsonb_set(state, '{accreditedUntil}', '${world().now() - 1}')`;
    await rows(
      world(),
      'referral',
      `UPDATE service SET state = ${ended}, version = version + 1 WHERE id = '${serviceId}'`,
    );
    const { left } = await imports(one);
    expect(left).toMatchObject([
      { kind: 'accreditation-stays', serviceId, accreditation: 'ended' },
    ]);
  });
}

type HsdsService = HsdsOrganization['services'][number];

const withNewIds = (service: HsdsService): HsdsService => ({
  ...service,
  id: randomUUID(),
  service_at_locations: service.service_at_locations.map(({ location }) => ({
    location: { ...location, id: randomUUID() },
  })),
});
