export { type ClockDriver, createClockDriver } from './clock-driver.ts';
export { migrationsOf } from './database/migrations.ts';
export {
  asAdmin,
  closeToPublic,
  dropDatabase,
  type Provisioned,
  type ProvisionOptions,
  provisionDatabase,
  rolesOf,
  withDatabase,
} from './database/provision.ts';
export { restoreSnapshot, takeSnapshot } from './database/snapshot.ts';
export { createIssuer, type Issuer, type TokenRequest } from './issuer.ts';
export { findKafka } from './kafka/find.ts';
export type { KafkaNode, KafkaOptions, RunningKafka } from './kafka/running.ts';
export { createTopics, deleteTopics, type NewTopic, untilLeadersKnown } from './kafka/topics.ts';
export {
  type FoundService,
  ManifestError,
  manifests,
  projectionsOf,
  readManifests,
} from './manifests.ts';
export { type Platform, type PlatformOptions, startPlatform } from './platform.ts';
export { type PlatformFile, writePlatformFile } from './platform-file.ts';
export { freePort, isFree } from './ports.ts';
export { findPostgres } from './postgres/find.ts';
export type { PostgresOptions, RunningPostgres } from './postgres/running.ts';
export {
  type Exit,
  type ProcessOptions,
  type SupervisedProcess,
  superviseProcess,
} from './process/supervise.ts';
export { scratchDirectory } from './reaper/scratch.ts';
export { relayHolder } from './relay-holder.ts';
export { inRepository, type Progress } from './repository.ts';
export type { Replica, RunningService } from './services.ts';
export { deskHoldersOf, writeTokens } from './tokens.ts';
