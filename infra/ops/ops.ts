/**
 * What an operator does by hand: `npm run ops -- <command>`. It acts on the platform that a file describes (written by `npm start`; another
 * one by `--platform <file>`), as the services' own least-privilege roles.
 */
import { parseArgs } from 'node:util';
import { inRepository } from '@opennrm/infra/local';
import { OpsError, openPlatform } from './open-platform.ts';
import { parked, release } from './parked.ts';
import { replayTopic } from './replay.ts';
import { resend, restored } from './senders.ts';
import { status } from './status.ts';

const HELP = `npm run ops -- <command>

  status                                     what waits where: unsent, parked, quarantined, overdue
  parked [service]                           the messages that could not be applied, with offset and reason
  release <service> <topic> <key> [--skip]   try what waits of a key again; --skip gives up the first of them for good
  replay <topic> [key]                       send the journal's messages of a topic (or of one key) again, in order
  resend <service>                           try again to send what the broker refused
  restored <service>                         after a restore from backup: raise the epoch of what it sends (service stopped)

  --platform <file>                          where the platform is; default .opennrm/platform.json`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    platform: { type: 'string', default: inRepository('.opennrm/platform.json') },
    skip: { type: 'boolean', default: false },
  },
});
const [command, ...subjects] = positionals;

try {
  if (command === undefined || command === 'help') console.log(HELP);
  else process.exitCode = await perform(command);
} catch (error) {
  if (!(error instanceof OpsError)) throw error;
  console.error(`${error.message}\n\n${HELP}`);
  process.exitCode = 1;
}

async function perform(name: string): Promise<number> {
  const platform = await openPlatform(values.platform);
  const [first = '', second = '', third = ''] = subjects;
  try {
    switch (name) {
      case 'status':
        return await status(platform);
      case 'parked':
        return await parked(platform, first || undefined);
      case 'release':
        return await release(platform, { service: first, topic: second, key: third, skip: values.skip });
      case 'replay':
        return await replayTopic(platform, first, second || undefined);
      case 'resend':
        return await resend(platform, first);
      case 'restored':
        return await restored(platform, first);
      default:
        throw new OpsError(`There is no command ${name}.`);
    }
  } finally {
    await platform.close();
  }
}
