import { migrationsOf } from '@opennrm/infra/local';
import { migrate as bringUp, ConfigurationError, requireSchema } from '@opennrm/runtime';
import type { Command } from './command.ts';
import { type OpenPlatform, OpsError } from './open-platform.ts';

export const migrate: Command = {
  subjects: '[service]',
  summary:
    'migrate databases to the schema of this version, as the roles that own them, under a lock',
  help: `Use it before a new version of a service starts: a service refuses an older schema. A migration only adds (expand); a later version removes
what is not used any more (contract), so that replicas of the previous version keep running. Two runs at the same time migrate once.`,
  effect: 'changes',
  async run(platform, { subjects: [only], yes }) {
    const names = only === undefined ? [...platform.services.keys()] : [only];
    for (const name of names) {
      const missing = await missingOf(platform, name);
      const ownerUrl = platform.file.services[name]?.ownerUrl;
      if (missing.length === 0) console.log(`${name}: nothing to do.`);
      else if (!yes)
        console.log(`${name} would run:\n  ${missing.join('\n  ')}\nDo it: add --yes.`);
      else if (ownerUrl === undefined)
        throw new OpsError(
          `The platform file has no URL of the role that owns the tables of ${name} (\`ownerUrl\`).`,
        );
      else {
        await bringUp({ ownerUrl, directories: migrationsOf(name) });
        console.log(`${name}: done.`);
      }
    }
    return 0;
  },
};

/** The missing migrations of a service, as the messages of the check that a starting service makes. */
async function missingOf(platform: OpenPlatform, name: string): Promise<string[]> {
  const missing: string[] = [];
  for (const directory of migrationsOf(name)) {
    try {
      await requireSchema(platform.service(name), directory);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      missing.push(error.message);
    }
  }
  return missing;
}
