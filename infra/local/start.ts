/**
 * `npm start`: the whole platform on this machine, in real time, until Ctrl-C. Keys and data are
 * thrown away at the end; only what is on servers named by DATABASE_URL and KAFKA_BROKERS stays.
 * `npm run dev` (`--watch`): the same, with the logs of all services, and a service starts again when its code changes.
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { loadCountryPack } from '@opennrm/country/load';
import { commandLine } from '@opennrm/infra/cli';
import { importDirectory, readHsds } from '../directory/import.ts';
import { proposalSentences } from '../directory/proposals.ts';
import { servicesOf } from '../directory/split.ts';
import { type Platform, startPlatform } from './platform.ts';
import { writePlatformFile } from './platform-file.ts';
import { inRepository } from './repository.ts';
import { deskHoldersOf, writeTokens } from './tokens.ts';
import { followLogs } from './watch/follow.ts';
import { restartOnChange } from './watch/watch.ts';

const TOKENS = inRepository('.opennrm/tokens.json');
const PLATFORM = inRepository('.opennrm/platform.json');
const DIRECTORY = inRepository('infra/countries/sample/directory.hsds.json');
const COUNTRY = inRepository('infra/countries/sample');
const INTERRUPTED = 130;

const HELP = `npm start -- [options]: the whole platform on this machine, in real time, until Ctrl-C
npm run dev is npm start -- --watch

  --watch  writes the logs of all services, and starts a service again when its code changes

Exit codes: 0 well, 1 it could not be started, 2 used wrongly, 130 ended by Ctrl-C before all of it had stopped.`;

const options = commandLine(HELP, (args) => {
  return parseArgs({ args: [...args], options: { watch: { type: 'boolean', default: false } } })
    .values;
});

let platform: Platform | undefined;
let stopping = false;

/** The first Ctrl-C stops in order; one during the start, or a second, leaves the rest to the guardian. */
function interrupted(): void {
  if (!platform || stopping) process.exit(INTERRUPTED);
  stopping = true;
  console.log('\nStopping … (Ctrl-C again ends everything at once)');
  void platform.stop().then(() => process.exit(0));
}
process.on('SIGINT', interrupted);
process.on('SIGTERM', interrupted);

try {
  platform = await startPlatform({
    countryPack: COUNTRY,
    ports: 'fixed',
    progress: (line) => console.log(line),
  });
  await writePlatformFile(platform, PLATFORM);
  await loadDirectory(platform);
  const deskHolders = deskHoldersOf(await loadCountryPack(COUNTRY));
  await writeTokens(platform.issuer, TOKENS, deskHolders, servicesOf(await readHsds(DIRECTORY)));
  show(platform);
  if (options.watch) watchServices(platform);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** The providers of the sample country, as if each had registered itself and been vetted. */
async function loadDirectory({ service, issuer }: Platform): Promise<void> {
  console.log('Loading the sample country’s directory …');
  const { accreditor = '' } = deskHoldersOf(await loadCountryPack(COUNTRY));
  const { proposals } = await importDirectory(await readHsds(DIRECTORY), {
    referralAddress: service('referral').grpcAddress,
    shelterAddress: service('shelter-capacity').grpcAddress,
    token: (organisation, role) => issuer.token({ person: randomUUID(), organisation, role }),
    accredit: { organisation: accreditor, until: '2099-12-31' },
    progress: (line) => console.log(line),
  });
  if (proposals.length > 0)
    console.log(
      `${proposals.length} proposals of the file are for a person to decide, the newest first:`,
    );
  for (const sentence of proposalSentences(proposals, new Date())) console.log(`  ${sentence}`);
}

function watchServices({ services }: Platform): void {
  const processes = Object.fromEntries(services.map(({ name, process: child }) => [name, child]));
  followLogs(Object.values(processes).map(({ logFile }) => logFile));
  restartOnChange(processes, (line) => console.log(line));
}

function show({ services, kafka, postgres }: Platform): void {
  console.log('\nOpenNRM is up.\n');
  for (const { name, grpcAddress, healthUrl, process: child } of services) {
    console.log(
      `  ${name.padEnd(24)} gRPC ${grpcAddress}   health ${healthUrl}/ready   log ${child.logFile}`,
    );
  }
  console.log(`  ${'Kafka'.padEnd(24)} ${kafka.brokers.join()} (${kafka.source})`);
  console.log(
    `  ${'PostgreSQL'.padEnd(24)} ${new URL(postgres.adminUrl).host} (${postgres.source})`,
  );
  console.log(`\n  One token for each role and each service: ${TOKENS}\n  Ctrl-C stops.`);
}
