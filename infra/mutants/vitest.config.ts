import { defineConfig } from 'vitest/config';
import { ExamplesFirst } from './examples-first.ts';

/** The pure specs of the service whose code is changed. */
export default defineConfig({
  test: {
    include: [`services/${process.env.MUTATED_SERVICE}/src/domain/**/*.spec.ts`],
    setupFiles: ['random-cases.ts'],
    // Stryker ends an endless loop itself. A spec that is only slow on a busy machine has not noticed a change.
    testTimeout: 600_000,
    isolate: false,
    sequence: { sequencer: ExamplesFirst },
  },
});
