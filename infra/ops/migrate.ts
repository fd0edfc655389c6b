import { migrationsOf } from '@opennrm/infra/local';
import { migrate as bringUp, ConfigurationError, requireSchema } from '@opennrm/runtime';
import type { Command } from './command.ts';
import { type OpenPlatform, OpsError } from './open-platform.ts';

export const migrate: Command = {
  subjects: '[service]',
  summary:
    'bring databases to the schema of this version, as the roles that own them, under a lock',
  help: `Before a new version of a service starts: it refuses an older schema. A migration only ever adds (expand); what is not used any more goes
with a later version (contract), so that the replicas of the version before keep running meanwhile. Two at once do it once.`,
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
          `The platform file does not give the role that owns the tables of ${name} (\`ownerUrl\`).`,
        );
      else {
        await bringUp({ ownerUrl, directories: migrationsOf(name) });
        console.log(`${name}: done.`);
      }
    }
    return 0;
  },
};

/** What is still to be run, in the words of the check that a starting service makes. */
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
