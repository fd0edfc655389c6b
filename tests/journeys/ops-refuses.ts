import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { topics } from '@opennrm/contracts/topics';
import { inRepository } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { ops } from './ops.ts';
import { rows } from './state.ts';
import type { World } from './world.ts';

const topic = topics.referralForShelterCapacity.name;
const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

export function opsRefuses(world: () => World): void {
  it.each([
    [
      'a topic that does not exist',
      ['replay', 'opennrm.nobody.v1'],
      /no topic "opennrm.nobody.v1"; there are opennrm\./,
    ],
    [
      'a range of the journal that does not exist',
      ['replay', topic, '--since', tomorrow],
      /has no such message\. (Of opennrm.* it has \d+, from 20|It has no message)/,
    ],
    [
      'a time that is none',
      ['replay', topic, '--since', 'yesterday'],
      /--since: "yesterday" is not a time such as/,
    ],
    [
      'a rewind into the future',
      ['rewind', 'shelter-capacity', topic, '--to', tomorrow],
      /is in the future; a rewind goes back/,
    ],
    [
      'a rewind of a service that does not read the topic',
      ['rewind', 'referral', topic, '--to', '2026-01-01T00:00:00Z'],
      /referral does not read .*: rewind shelter-capacity/,
    ],
    [
      'a rewind of a service that runs',
      ['rewind', 'shelter-capacity', topic, '--to', '2026-01-01T00:00:00Z'],
      /still reads with \d+ process\(es\): stop it first/,
    ],
    [
      'a rebuild of a topic without projection tables',
      ['rebuild', topic],
      /to send it missing messages again: replay/,
    ],
    [
      'a service that does not exist',
      ['resend', 'nobody'],
      /no service "nobody"; there are referral, shelter-capacity/,
    ],
    ['a command that does not exist', ['restart'], /There is no command restart/],
    ['an option that does not exist', ['status', '--now'], /Unknown option '--now'/],
  ])('`npm run ops` refuses %s, and states what is possible', async (_what, words, answer) => {
    expect(await ops(world(), ...words)).toMatch(answer);
  });

  it('a command that changes state only prints what it would do, until it is given --yes', async () => {
    const epoch = () => rows<{ number: number }>(world(), 'referral', 'SELECT number FROM epoch');
    const before = await epoch();
    expect(await ops(world(), 'after-restore', 'referral')).toMatch(
      /would send with the next. Do it: add --yes/,
    );
    expect(await ops(world(), 'rebuild', topics.caseVaultForReferral.name)).toMatch(
      /would empty case_basis .* add --yes/,
    );
    expect(await epoch()).toEqual(before);
  });

  it('a command that changes state needs the token of an operator: it is refused without a valid token or with another role', async () => {
    const asRole = async (role: string): Promise<string> => {
      const { token } = await world().operators.as(role);
      return outputOf({ OPENNRM_TOKEN: token }, 'resend', 'referral');
    };
    await ops(world(), 'status'); // writes the platform file
    expect(await asRole('caseworker')).toMatch(
      /resend is for an operator, not for a caseworker: set OPENNRM_TOKEN/,
    );
    expect(await outputOf({ OPENNRM_TOKEN: 'nonsense' }, 'resend', 'referral')).toMatch(
      /not one of this platform’s issuer/,
    );
    expect(await asRole('operator')).toMatch(/will be sent again/);
  });

  it('`help` explains all commands, and --help explains one', async () => {
    expect(await outputOf({}, 'help')).toMatch(/status.*replay.*after-restore.*Exit codes/s);
    expect(await outputOf({}, 'replay', '--help')).toMatch(
      /^npm run ops -- replay.*needs a token/s,
    );
  });

  const outputOf = async (env: Record<string, string>, ...words: string[]): Promise<string> => {
    const platform = ['--platform', `${world().platform.directory}/platform.json`];
    const outcome = await promisify(execFile)(
      process.execPath,
      [inRepository('infra/ops/ops.ts'), ...platform, ...words],
      {
        env: { ...process.env, ...env },
      },
    ).catch((error: { stdout: string; stderr: string }) => error);
    return outcome.stdout + outcome.stderr;
  };
}
