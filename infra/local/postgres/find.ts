import { findImage, reasonOf } from '../docker.ts';
import { CommandMissing } from '../process/run-to-end.ts';
import { postgresImage, postgresInDocker } from './docker.ts';
import { acceptsConnections, embeddedPostgres } from './embedded.ts';
import type { PostgresOptions, RunningPostgres } from './running.ts';

/**
 * PostgreSQL from the environment (`DATABASE_URL`, an administrator's), else Docker, else embedded.
 * @throws Error with one sentence that states what to set or install when there is none.
 */
export async function findPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const progress = options.progress ?? (() => undefined);
  if (options.only === 'embedded') return embeddedPostgres(options);
  const given = process.env.DATABASE_URL;
  if (given !== undefined && given !== '') return fromEnvironment(given);
  let why = '';
  const image = await findImage(postgresImage, progress);
  if ('missing' in image) why = image.missing;
  else {
    try {
      return await postgresInDocker(options);
    } catch (error) {
      why = `Docker could not start ${postgresImage} (${reasonOf(error)})`;
    }
  }
  if (why.startsWith('Docker')) progress(`${why}; using the PostgreSQL of the npm package.`);
  return embeddedOrSentence(options, why);
}

async function fromEnvironment(adminUrl: string): Promise<RunningPostgres> {
  if (!(await acceptsConnections(adminUrl)))
    throw new Error(
      'DATABASE_URL is set but no PostgreSQL accepts a connection there; correct it or unset it.',
    );
  return { adminUrl, source: 'environment', stop: async () => undefined };
}

async function embeddedOrSentence(options: PostgresOptions, why: string): Promise<RunningPostgres> {
  try {
    return await embeddedPostgres(options);
  } catch (error) {
    if (!(error instanceof CommandMissing)) throw error;
    const missing = `No PostgreSQL: DATABASE_URL is not set, ${why}, and ${error.message}.`;
    throw new Error(
      `${missing} Install Docker, or run \`npm ci\` again, or set DATABASE_URL to an administrator's URL.`,
    );
  }
}
