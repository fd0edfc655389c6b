import { randomUUID } from 'node:crypto';
import {
  type HsdsOrganization,
  importDirectory,
  proposalSentences,
  readHsds,
  type Split,
  split,
} from '@opennrm/infra/directory';
import { inRepository } from '@opennrm/infra/local';
import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { rows } from './state.ts';
import { eventually, type World } from './world.ts';

export function importUndoesNoDecision(world: () => World): void {
  const freeAt = async (serviceId: string): Promise<number | undefined> => {
    const hints = await rows<{ free: number }>(
      world(),
      'referral',
      `SELECT free FROM capacity_hint WHERE service_id = '${serviceId}'`,
    );
    return hints[0]?.free;
  };

  const imports = (organizations: readonly HsdsOrganization[]) =>
    importDirectory(organizations, {
      referralAddress: world().platform.service('referral').grpcAddress,
      shelterAddress: world().platform.service('shelter-capacity').grpcAddress,
      token: (organisation, role) =>
        world().platform.issuer.token({ person: randomUUID(), organisation, role }),
      accredit: { organisation: world().accreditors.id, until: '2027-12-31' },
      progress: () => undefined,
    });

  const sampleWhere = async (suits: (one: Split) => boolean): Promise<HsdsOrganization> => {
    const all = await readHsds(inRepository('infra/countries/sample/directory.hsds.json'));
    const found = all.find((one) => suits(split(one)));
    if (!found) throw new Error('the sample directory has no such service');
    return found;
  };

  it('leaves a suspension and a count of the staff as they are when the same directory is imported again', async () => {
    const counted = await sampleWhere(({ counts }) => counts.length > 0);
    const accreditors = world().accreditors;
    const importAgain = () => imports([counted]);
    const first = await importAgain();
    expect(first.proposals).toEqual([]);
    const serviceId = counted.services[0]?.id ?? '';
    const [{ siteId = '', units = 0 } = {}] = split(counted).counts;
    const staff = await world().organisation(counted.id).as('provider-staff');
    await call(world().shelters, 'declareCount', { siteId, units, occupiedByOthers: units }, staff);
    await eventually(async () => expect(await freeAt(serviceId)).toBe(0));
    await call(
      world().directory,
      'suspend',
      { serviceId, code: 'safety' },
      await accreditors.as('accreditor'),
    );
    const again = await importAgain();
    expect(again.proposals).toMatchObject([
      {
        kind: 'count-differs',
        siteId,
        fileDate: new Date('2026-01-05'),
        differences: [{ field: 'count' }],
      },
      {
        kind: 'accreditation-stays',
        serviceId,
        accreditation: 'suspended',
        fileDate: new Date('2026-01-05'),
      },
    ]);
    for (const { currentSince } of again.proposals) expect(currentSince).toBeInstanceOf(Date);
    const sentences = proposalSentences(again.proposals, new Date()).join(' ');
    expect(sentences).toContain('stays suspended');
    expect(sentences).toContain(`(here: ${units} units, ${units} of them taken)`);
    expect(await freeAt(serviceId)).toBe(0);
    const [entry] = await rows<{ accredited_until: number | null }>(
      world(),
      'referral',
      `SELECT accredited_until FROM service WHERE id = '${serviceId}'`,
    );
    expect(entry).toEqual({ accredited_until: null });
  });

  it('changes no entry: what the file says otherwise is a proposal with both ages', async () => {
    const sample = await sampleWhere(({ sites }) => sites.length === 0);
    const [service] = sample.services;
    if (!service) throw new Error('the organisation of the sample has no service');
    const serviceId = randomUUID();
    const organisationId = randomUUID();
    const importChanged = (changed: Partial<typeof service>) =>
      imports([
        { ...sample, id: organisationId, services: [{ ...service, id: serviceId, ...changed }] },
      ]);
    const read = async () =>
      call(
        world().directory,
        'getService',
        { serviceId },
        await world().accreditors.as('accreditor'),
      );
    expect((await importChanged({})).proposals).toEqual([]);
    const before = await read();
    const fileDate = new Date('2025-11-03');
    const { proposals } = await importChanged({
      languages: [{ code: 'uk' }],
      schedules: [],
      last_modified: fileDate,
    });
    expect(proposals).toMatchObject([
      { kind: 'entry-differs', serviceId, fileDate, currentSince: before.service?.registeredAt },
    ]);
    expect(proposalSentences(proposals, new Date(world().now())).join()).toMatch(
      /languages: uk \(here: .+\); open hours: all hours \(here: Mon .+\).+of 2025-11-03, \d+ days ago.+The file is older\./,
    );
    expect(
      (await importChanged({ status: 'temporarily closed', last_modified: fileDate })).proposals,
    ).toMatchObject([
      { kind: 'not-active-in-file', serviceId, status: 'temporarily closed', fileDate },
    ]);
    expect(await read()).toEqual(before);
  });

  it('imports nothing of a service that belongs to another organisation, and says so', async () => {
    const sample = await sampleWhere(({ counts }) => counts.length > 0);
    const owner = world().organisation();
    const [service] = split(sample).services;
    const serviceId = randomUUID();
    if (!service) throw new Error('the organisation of the sample has no service');
    const staff = await owner.as('provider-staff');
    await call(
      world().directory,
      'registerOrganisation',
      { organisationId: owner.id, kind: 'private' },
      staff,
    );
    await call(
      world().directory,
      'registerService',
      { ...service, serviceId, organisationId: owner.id },
      staff,
    );
    const [one] = sample.services;
    if (!one) throw new Error('the organisation of the sample has no service');
    const { proposals } = await imports([
      { ...sample, id: randomUUID(), services: [{ ...one, id: serviceId }] },
    ]);
    expect(proposals).toMatchObject([{ kind: 'service-of-another', serviceId }]);
    const { service: kept } = await call(world().directory, 'getService', { serviceId }, staff);
    expect(kept).toMatchObject({ organisationId: owner.id, accreditation: 'applied' });
  });

  it('imports no site whose id belongs to another organisation, and goes on with the rest', async () => {
    const sample = await sampleWhere(({ counts }) => counts.length > 0);
    const [service] = sample.services;
    if (!service) throw new Error('the organisation of the sample has no service');
    const [place] = service.service_at_locations;
    if (!place) throw new Error('the service of the sample has no place');
    const located = (siteId: string, serviceId: string): HsdsOrganization => ({
      ...sample,
      id: randomUUID(),
      services: [
        {
          ...service,
          id: serviceId,
          service_at_locations: [{ location: { ...place.location, id: siteId } }],
        },
      ],
    });
    const siteId = randomUUID();
    const [first, second] = [located(siteId, randomUUID()), located(siteId, randomUUID())];
    const serviceIds = [first, second].flatMap((one) => one.services.map(({ id }) => id));
    const accreditor = await world().accreditors.as('accreditor');
    for (const serviceId of serviceIds)
      world().onJourneyEnd(() =>
        call(world().directory, 'suspend', { serviceId, code: 'safety' }, accreditor),
      );
    expect((await imports([first])).proposals).toEqual([]);
    expect((await imports([second])).proposals).toMatchObject([
      { kind: 'site-of-another', siteId },
    ]);
    for (const serviceId of serviceIds)
      expect(await call(world().directory, 'getService', { serviceId }, accreditor)).toMatchObject({
        service: { accreditation: 'accredited' },
      });
  });
}
