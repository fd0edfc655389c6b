import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Every gRPC service of a proto file, by its name. */
const services = globSync('proto/opennrm/*/v1/*.proto').flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^service (\w+) \{/gm)].map(([, name]) => name ?? ''),
);

const specs = globSync('services/*/src/**/*.spec.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .filter((text) => text.includes('specifyWhoMayAct'));

it.each(services)('a spec states who may make each call of %s', (name) => {
  // The generated definition of a service is its name and `Service`.
  const definitions = new RegExp(`definitions: \\[[^\\]]*\\b${name}Service\\b`);
  expect(specs.filter((text) => definitions.test(text))).toHaveLength(1);
});
