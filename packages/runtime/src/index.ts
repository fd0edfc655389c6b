export { Actor, type Caller, type Desks } from './actor.ts';
export {
  type Clock,
  type ClockSegment,
  fileClock,
  realClock,
  segmentAt,
  segmentClock,
} from './clock.ts';
export { ConfigurationError, readConfig, serviceSettings } from './config.ts';
export {
  type Connection,
  connectionLimits,
  longLimits,
  openConnection,
  type Queries,
  type Statement,
} from './connection.ts';
export { DatabaseUnreachable, type Fault, faultOf } from './fault.ts';
export { type Answer, answer, type Call, type Refused, refused } from './grpc/answer.ts';
export { type CallOptions, call, connect, refusalOf } from './grpc/client.ts';
export { codeOf, codesOf, field, limits, oneOf, optionalOneOf, setOf } from './grpc/fields.ts';
export { FIRST_ID, LATEST_ID, pagingBy } from './grpc/paging.ts';
export { exchange, type Rpc, type Send, streaming, unary } from './grpc/rpc.ts';
export { GrpcServer, type GrpcSettings, type RpcsOf } from './grpc/server.ts';
export { normalizeId, uuid } from './id.ts';
export { type TokenVerifier, tokenVerifier } from './identity.ts';
export { type IdentitySettings, identitySetting } from './identity-settings.ts';
export { createLog, type Log } from './log.ts';
export { migrate, requireSchema } from './migrate.ts';
export { type Part, type PartState, Parts } from './parts.ts';
export { Personal } from './personal.ts';
export { type Database, openDatabase, planOptions } from './postgres.ts';
export { businessClock, type Lifecycle, settingsOrExit } from './process.ts';
export { loadOrCreateKey, seal, unseal } from './sealing.ts';
export { runService, type ServiceContext, type ServiceOptions } from './service.ts';
export { KeysUnavailable } from './signing-keys.ts';
export {
  currentTrace,
  inSpan,
  type SpanFacts,
  type SpanName,
  type SpanOptions,
} from './telemetry/span.ts';
export type { Transaction, Watch, WriteSet } from './unit-of-work.ts';
export { type ClockState, clocksAgree, type WallClock, watchWallClock } from './wall-clock.ts';
