import { defineConfig } from 'vitest/config';
import { ExamplesFirst } from './examples-first.ts';
import { rulesOf } from './sample.ts';

/** The pure specs of the service whose code is changed. */
export default defineConfig({
  test: {
    include: [`${rulesOf(process.env.MUTATED_SERVICE ?? '')}/**/*.spec.ts`],
    setupFiles: ['random-cases.ts'],
    // Stryker ends an endless loop itself. A slow spec on a busy machine must not fail and count as noticed.
    testTimeout: 600_000,
    isolate: false,
    sequence: { sequencer: ExamplesFirst },
  },
});
