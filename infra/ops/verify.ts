import { type Look, neverDoubled, neverLost } from '@opennrm/infra/promises';
import { fileClock, realClock } from '@opennrm/runtime';
import type { Command } from './command.ts';
import type { OpenPlatform } from './open-platform.ts';

export const verify: Command = {
  subjects: '',
  does: 'check promises 1 and 2 against the databases: nothing lost, nothing doubled, no wait without a clock',
  help: `After a bad night, a restore or an upgrade. While people work some messages are always on their way: what is BROKEN for a moment and
kept a minute later was only that. Exit code 1 when a promise is broken.`,
  effect: 'looks',
  async run(platform) {
    const look = lookAt(platform);
    const findings = [...(await neverLost(look, [])), ...(await neverDoubled(look))];
    for (const { says, against } of findings) {
      console.log(`${against.length === 0 ? 'kept  ' : 'BROKEN'} ${says}`);
      for (const one of against.slice(0, 20)) console.log(`         ${one}`);
    }
    return findings.every(({ against }) => against.length === 0) ? 0 : 1;
  },
};

function lookAt({ services, service, file }: OpenPlatform): Look {
  const clock = file.clockFile === undefined ? realClock : fileClock(file.clockFile);
  return {
    services: [...services.keys()],
    rows: async (name, sql) => (await service(name).query(sql)).rows as never,
    now: () => clock.now(),
  };
}
