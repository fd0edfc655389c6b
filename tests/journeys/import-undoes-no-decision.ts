import { randomUUID } from 'node:crypto';
import { importDirectory, readHsds, split } from '@opennrm/infra/directory';
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

  it('leaves a suspension and a count of the staff as they are when the same directory is imported again', async () => {
    const all = await readHsds(inRepository('infra/countries/sample/directory.hsds.json'));
    const counted = all.find((one) => split(one).counts.length > 0);
    if (!counted) throw new Error('the sample directory has no service with a count');
    const accreditors = world().accreditors;
    const importAgain = () =>
      importDirectory([counted], {
        referralAddress: world().platform.services.referral.grpcAddress,
        shelterAddress: world().platform.services['shelter-capacity'].grpcAddress,
        token: (organisation, role) => world().platform.issuer.token({ person: randomUUID(), organisation, role }),
        accredit: { organisation: accreditors.id, until: '2027-12-31' },
        progress: () => undefined,
      });
    const first = await importAgain();
    expect(first.left).toEqual([]);
    const serviceId = counted.services[0]?.id ?? '';
    const [{ siteId = '', units = 0 } = {}] = split(counted).counts;
    const staff = await world().organisation(counted.id).as('provider-staff');
    await call(world().shelters, 'declareCount', { siteId, units, occupiedByOthers: units }, staff);
    await eventually(async () => expect(await freeAt(serviceId)).toBe(0));
    await call(world().directory, 'suspend', { serviceId, code: 'safety' }, await accreditors.as('accreditor'));
    const again = await importAgain();
    expect(again.left).toContain(
      `service ${serviceId}: is registered; its entry and its accreditation stay as they are`,
    );
    expect(again.left.join()).toContain(`site ${siteId}: the count that its staff declared stays`);
    expect(await freeAt(serviceId)).toBe(0);
    const [entry] = await rows<{ accredited_until: number | null }>(
      world(),
      'referral',
      `SELECT accredited_until FROM service WHERE id = '${serviceId}'`,
    );
    expect(entry).toEqual({ accredited_until: null });
  });
}
