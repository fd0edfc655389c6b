import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Many specs start a process of node: what one compiled, the next reads (half of a start).
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.opennrm/compile-cache');

const pure = [
  'services/*/src/domain/**/*.spec.ts',
  'packages/{country,contracts,holding}/src/**/*.spec.ts',
  'packages/messaging/src/inbox/classify.spec.ts',
  'bench/src/{,first-version/,load/,report/}*.spec.ts',
  'tests/architecture/**/*.spec.ts',
];

/** Each starts servers of its own, and stops some of them: they run with the faults, one after the other. */
const withOwnServers = [
  'packages/messaging/src/kafka/{moved-leader,lost-message}.spec.ts',
  'infra/local/{added-service,docker,platform}.spec.ts',
  'infra/local/reaper/reaper.spec.ts',
];

/** kafkajs sets timers in the past, and newer Node says so each time (also in `infra/local/process`). */
const execArgv = ['--disable-warning=TimeoutNegativeWarning'];

/** Ends a spec that hangs. No spec means it: a slow machine must not fail one. */
const HANGS_MS = 120_000;

/** As many random cases as the night may try take their time (`FC_RUNS`, see `random-cases.ts`). */
const RANDOM_CASES_MS = process.env.FC_RUNS === undefined ? HANGS_MS : 3_600_000;

/**
 * Pure rules in seconds; parts on a real PostgreSQL and Kafka, then the plans of what they sent; journeys on the whole platform; faults and two minutes of chaos on one of three
 * brokers and two replicas. `npm test` runs the first four, `npm run test:faults` the next two; the long ones and those that need a container
 * engine run by name.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: pure,
          setupFiles: ['random-cases.ts'],
          // Nothing in them has a side effect: one worker loads each module once for all files.
          pool: 'threads',
          isolate: false,
          testTimeout: RANDOM_CASES_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        test: {
          name: 'parts',
          execArgv,
          include: [
            '{packages,services,infra,bench}/**/*.spec.ts',
            'tests/{contracts,commands}/**/*.spec.ts',
          ],
          exclude: [
            ...pure,
            ...withOwnServers,
            'infra/docker/**',
            '**/plans.spec.ts',
            '**/node_modules/**',
          ],
          // One worker loads each module once for all files of a workspace: loading was a third of the time.
          isolate: false,
          globalSetup: ['packages/testkit/src/global-setup.ts'],
          setupFiles: ['random-cases.ts'],
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
          maxWorkers: process.env.OPENNRM_SPEC_SERVERS === undefined ? 2 : 1,
        },
      },
      {
        test: {
          name: 'plans',
          execArgv,
          include: ['{packages,services}/*/src/plans.spec.ts'],
          globalSetup: ['packages/testkit/src/global-setup.ts'],
          testTimeout: HANGS_MS,
          hookTimeout: 300_000, // fills the tables
          maxWorkers: process.env.OPENNRM_SPEC_SERVERS === undefined ? 2 : 1,
        },
      },
      {
        test: {
          name: 'journeys',
          execArgv,
          include: ['tests/journeys/**/*.spec.ts'],
          testTimeout: HANGS_MS,
          hookTimeout: 180_000,
          // Each file has a platform of its own.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'faults',
          execArgv,
          include: ['tests/faults/**/*.spec.ts', ...withOwnServers],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'chaos',
          execArgv,
          include: ['tests/chaos/**/*.spec.ts'],
          testTimeout: 420_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'long',
          execArgv,
          include: ['tests/long/**/*.spec.ts'],
          testTimeout: 600_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'docker',
          execArgv,
          include: ['infra/docker/**/*.spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 240_000, // where the images are not there yet, they are pulled first
          fileParallelism: false,
        },
      },
    ],
  },
});
