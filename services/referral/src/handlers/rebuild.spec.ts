import { randomUUID } from 'node:crypto';
import { type EventOf, topics } from '@opennrm/contracts/topics';
import { type Meta, typeOf } from '@opennrm/messaging';
import { days, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../../service.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { vaultSubscription } from '../inbound/consumed.ts';
import { referralDatabase } from '../outbound/referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(3));

const topic = topics.caseVaultForReferral;
type FromVault = EventOf<typeof topic>;

async function handle(event: FromVault, rebuild?: Meta['rebuild']): Promise<void> {
  const apply = vaultSubscription(pack).read(typeOf(topic, event.$case), topic.encode(event));
  if (!apply) throw new Error(`${event.$case} has no handler`);
  const key = event.value.caseReference;
  const meta = { id: randomUUID(), key, sequence: 1, epoch: 1, at: monday, now: monday };
  await world.inTransaction((tx) => apply(tx, { ...meta, ...(rebuild && { rebuild }) }));
}

async function emptyProjection(key: string): Promise<void> {
  for (const { empty } of manifest.projections['opennrm.case-vault.referral.v1'])
    await world.database.query(empty);
  await world.database.query(
    `INSERT INTO quarantine (topic, key, reason, until_epoch, until_last) VALUES ($1, $2, 'rebuild', 1, 9)`,
    [topic.name, key],
  );
}
const endQuarantine = () => world.database.query('DELETE FROM quarantine');

const granted = (caseReference: string, permissionId: string): FromVault => ({
  $case: 'permissionGranted',
  value: {
    caseReference,
    permissionId,
    purpose: 'accommodation',
    validFrom: new Date(monday),
    validUntil: new Date(later(monday, days(30))),
    receivers: {
      excludedRegions: [],
      excludedOrganisationIds: [],
      organisationIds: [],
      serviceClasses: ['safe-accommodation'],
    },
  },
});

/** A case with a permission, a denial of one organisation, a keep-apart pair and an age. */
async function caseInVault() {
  const { referralId } = await world.requestEmergency();
  const { party, offers } = await world.stateOf(referralId);
  const [caseReference = '', denied = ''] = [party[0]?.caseReference, offers[0]?.organisationId];
  const history: FromVault[] = [
    {
      $case: 'ageChanged',
      value: {
        caseReference,
        code: 'age-recorded',
        underEighteen: 'no',
        recordedAt: new Date(monday),
      },
    },
    { $case: 'keepApartSet', value: { caseReference, apartId: randomUUID() } },
    {
      $case: 'denialRecorded',
      value: {
        caseReference,
        denialId: randomUUID(),
        purpose: 'accommodation',
        organisationIds: [denied],
        serviceClasses: [],
      },
    },
    granted(caseReference, randomUUID()),
  ];
  for (const event of history) await handle(event);
  return { referralId, caseReference, history };
}

const basisOf = async (caseReference: string) =>
  (
    await world.database.query<{ state: Record<string, unknown> }>(
      'SELECT state FROM case_basis WHERE case_reference = $1',
      [caseReference],
    )
  ).rows[0]?.state;

describe('while the projection of the vault is filled again', () => {
  it('permissions are gone at once; keep-apart pairs and denials stay, and that the vault decides', async () => {
    const { caseReference } = await caseInVault();
    const before = await basisOf(caseReference);
    await emptyProjection(caseReference);
    expect(await basisOf(caseReference)).toEqual({ ...before, permissions: [], bases: [] });
    await endQuarantine();
  });

  it('a request for a person whom the vault treats as a child asks no service for adults', async () => {
    const caseReference = randomUUID();
    const child = { caseReference, code: 'age-recorded', underEighteen: 'yes' };
    await handle({ $case: 'ageChanged', value: { ...child, recordedAt: new Date(monday) } });
    await emptyProjection(caseReference);
    const asked = await world.requestEmergency(monday, 1, {
      under: [caseReference],
      underEighteen: 'no',
    });
    const { party, offers } = await world.stateOf(asked.referralId);
    expect([party[0]?.underEighteen, offers]).toEqual(['yes', []]);
    await endQuarantine();
  });

  it('no live referral changes and nothing is sent; at the end the projection is as before and the referral is reviewed', async () => {
    const { referralId, caseReference, history } = await caseInVault();
    const withdrawn = randomUUID();
    const all: FromVault[] = [
      granted(caseReference, withdrawn),
      { $case: 'permissionWithdrawn', value: { caseReference, permissionId: withdrawn } },
    ];
    for (const event of all) await handle(event);
    const stored = async () => {
      const { rows } = await world.database.query('SELECT count(*) FROM journal');
      return [await world.stateOf(referralId), rows];
    };
    const [basis, before] = [await basisOf(caseReference), await stored()];
    await emptyProjection(caseReference);
    const messages = [...history, ...all];
    for (const event of messages.slice(0, -1)) {
      await handle(event, 'under-way');
      expect(await stored(), event.$case).toEqual(before);
    }
    await endQuarantine();
    await handle(messages.at(-1) as FromVault, 'last');
    expect([await basisOf(caseReference), await stored()]).toEqual([basis, before]);
  });
});
