import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { status } from '@grpc/grpc-js';
import { asAdmin } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { prepareRequest } from '../journeys/person.ts';
import { eventually, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
} from './shelter-with-people.ts';

const run = promisify(execFile);
const [SIZE, BALLAST_STEP] = ['24m', 1_000_000];

export function diskFull(world: () => World): void {
  it('a call fails while the disk of the journal is full, nothing is half-written, and the service continues when there is space again', async () => {
    const shelter = await openShelterWithBeds(world(), 40);
    const people = await requestReferrals(world(), 1);
    const disk = await smallDisk(world());
    await disk.fill();
    const { failed, asked } = await eventually(async () => {
      const next = await prepareRequest(world());
      const [outcome] = await Promise.allSettled([next.send()]);
      if (outcome?.status === 'fulfilled') people.push(outcome.value);
      if (outcome?.status !== 'rejected') throw new Error('the disk is not full yet');
      return { asked: next, failed: outcome.reason as { code: status; details: string } };
    });
    expect([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]).toContain(failed.code);
    await untilAlert(world(), 'CallsFailing');
    await disk.free();
    // As the error says. Its last try may have begun before its deadline and ended when there was space: sent again it is still one referral.
    people.push(await asked.send());
    people.push(...(await requestReferrals(world(), 2)));
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}

/** Moves the journal of `referral` to a small file system of its own. Needs the right to mount one. */
async function smallDisk(world: World): Promise<{ fill(): Promise<void>; free(): Promise<void> }> {
  // not in the platform's own directory, which the account of PostgreSQL cannot read
  const place = await mkdtemp(join(tmpdir(), 'opennrm-small-disk-'));
  await chmod(place, 0o755);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', place]).catch(() => {
    throw new Error(
      'disk-full needs a file system of its own: run it as root, or where `mount -t tmpfs` is allowed',
    );
  });
  world.onJourneyEnd(() => unmount(world, place));
  const { adminUrl } = world.platform.postgres;
  const data = await asAdmin(
    adminUrl,
    async (admin) =>
      (await admin.query<{ data_directory: string }>('SHOW data_directory')).rows[0]
        ?.data_directory ?? '',
  );
  const { uid, gid } = await stat(data);
  const space = join(place, 'space');
  await mkdir(space, { mode: 0o700 });
  await chown(space, uid, gid);
  await asAdmin(adminUrl, (admin) => admin.query(`CREATE TABLESPACE small LOCATION '${space}'`));
  await moveJournal(world, 'small');
  const ballast = join(place, 'ballast');
  return {
    async fill() {
      for (let bytes = BALLAST_STEP * 30; bytes >= 4_096; bytes = Math.floor(bytes / 2))
        await writeFile(ballast, Buffer.alloc(bytes), { flag: 'a' }).catch(() => undefined);
    },
    free: () => rm(ballast),
  };
}

async function moveJournal(world: World, space: string): Promise<void> {
  const database = new URL(world.platform.service('referral').ownerUrl).pathname.slice(1);
  const url = new URL(world.platform.postgres.adminUrl);
  url.pathname = `/${database}`;
  await asAdmin(url.toString(), async (admin) => {
    // Empty pages of the table would still accept more requests than the shelter has beds after the disk is full.
    await admin.query('VACUUM (FULL) journal');
    await admin.query(`ALTER TABLE journal SET TABLESPACE ${space}`);
  });
}

async function unmount(world: World, place: string): Promise<void> {
  await rm(join(place, 'ballast'), { force: true });
  await moveJournal(world, 'pg_default');
  await asAdmin(world.platform.postgres.adminUrl, (admin) =>
    admin.query('DROP TABLESPACE IF EXISTS small'),
  );
  await run('umount', [place]);
  await rm(place, { recursive: true });
}
