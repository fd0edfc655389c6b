/**
 * `npm start`: the whole platform on this machine, in real time, until Ctrl-C. Keys and data are
 * thrown away at the end; only what is on servers named by DATABASE_URL and KAFKA_BROKERS stays.
 */
import { type Platform, startPlatform } from './platform.ts';
import { inRepository } from './repository.ts';
import { writeTokens } from './tokens.ts';

const TOKENS = inRepository('.opennrm/tokens.json');
const INTERRUPTED = 130;

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
    countryPack: inRepository('infra/countries/sample'),
    ports: 'fixed',
    progress: (line) => console.log(line),
  });
  await writeTokens(platform.issuer, TOKENS);
  show(platform);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function show({ services, kafka, postgres }: Platform): void {
  console.log('\nOpenNRM is up.\n');
  for (const [name, { grpcAddress, healthUrl, process: child }] of Object.entries(services)) {
    console.log(`  ${name.padEnd(24)} gRPC ${grpcAddress}   health ${healthUrl}/ready   log ${child.logFile}`);
  }
  console.log(`  ${'Kafka'.padEnd(24)} ${kafka.brokers.join()} (${kafka.source})`);
  console.log(`  ${'PostgreSQL'.padEnd(24)} ${new URL(postgres.adminUrl).host} (${postgres.source})`);
  console.log(`\n  One token for each role: ${TOKENS}\n  Ctrl-C stops.`);
}
