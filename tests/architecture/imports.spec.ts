import { globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, expect, it } from 'vitest';
import rules from '../../.dependency-cruiser.json' with { type: 'json' };

/** Every broken rule of a source tree, as `rule: from → to`. */
async function brokenRules(directory: string, paths: string[]): Promise<string[]> {
  const { options, ...ruleSet } = rules;
  const result = await cruise(paths, {
    ...(options as ICruiseOptions),
    baseDir: directory,
    ruleSet: ruleSet as never,
    validate: true,
  });
  const { violations, totalCruised } = (result.output as ICruiseResult).summary;
  if (totalCruised === 0)
    throw new Error('no file was checked: a TypeScript parser for dependency-cruiser is missing');
  return violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

const scratch: string[] = [];
afterAll(() => Promise.all(scratch.map((directory) => rm(directory, { recursive: true }))));

async function treeOf(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(process.cwd(), '.opennrm-architecture-'));
  scratch.push(directory);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(directory, path, '..'), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

it('every domain is pure, no service imports another service, no package imports a service, and no files import each other', async () => {
  expect(
    await brokenRules(process.cwd(), ['packages', 'services', 'infra', 'tests', 'bench']),
  ).toEqual([]);
});

it('the check of imports reports a domain that imports an outbound file or a library', async () => {
  const tree = await treeOf({
    'services/a/src/domain/rule.ts':
      "import { rows } from '../outbound/rows.ts';\nimport { randomUUID } from 'node:crypto';\nexport const x = [rows, randomUUID];\n",
    'services/a/src/outbound/rows.ts': 'export const rows = 1;\n',
  });
  const broken = await brokenRules(tree, ['services']);
  expect(broken).toContain(
    'domain-is-pure: services/a/src/domain/rule.ts → services/a/src/outbound/rows.ts',
  );
  expect(broken.some((one) => one.startsWith('domain-is-pure') && one.endsWith('crypto'))).toBe(
    true,
  );
});

it('the check of imports reports a machine of holds that imports a library or another package', async () => {
  const tree = await treeOf({
    'packages/country/src/index.ts': 'export const pack = 1;\n',
    'packages/holding/src/evolve.ts':
      "import { randomUUID } from 'node:crypto';\nimport { pack } from '../../country/src/index.ts';\nexport const x = [pack, randomUUID];\n",
  });
  const broken = await brokenRules(tree, ['packages']);
  expect(broken).toContain(
    'holding-is-pure: packages/holding/src/evolve.ts → packages/country/src/index.ts',
  );
  expect(broken.some((one) => one.startsWith('holding-is-pure') && one.endsWith('crypto'))).toBe(
    true,
  );
});

it('the check of imports reports a layer that imports a layer above it, and allows skipping a layer downwards', async () => {
  const tree = await treeOf({
    'services/a/src/domain/rule.ts': 'export const rule = 1;\n',
    'services/a/src/outbound/rows.ts':
      "import { handle } from '../handlers/handle.ts';\nexport const rows = [handle];\n",
    'services/a/src/handlers/handle.ts':
      "import { rpcs } from '../inbound/grpc/rpcs.ts';\nexport const handle = rpcs;\n",
    'services/a/src/inbound/grpc/rpcs.ts':
      "import { rule } from '../../domain/rule.ts';\nexport const rpcs = rule;\n",
  });
  expect((await brokenRules(tree, ['services'])).toSorted()).toEqual([
    'handlers-import-no-layer-above: services/a/src/handlers/handle.ts → services/a/src/inbound/grpc/rpcs.ts',
    'outbound-imports-no-layer-above: services/a/src/outbound/rows.ts → services/a/src/handlers/handle.ts',
  ]);
});

it('the check of imports reports files that import each other, also if only a type', async () => {
  const tree = await treeOf({
    'services/a/src/domain/one.ts':
      "import type { Two } from './two.ts';\nexport interface One {\n  two: Two;\n}\n",
    'services/a/src/domain/two.ts':
      "import type { One } from './one.ts';\nexport interface Two {\n  one: One;\n}\n",
  });
  expect(await brokenRules(tree, ['services'])).toContain(
    'no-circles: services/a/src/domain/one.ts → services/a/src/domain/two.ts',
  );
});

it('every file of a service is in a layer', () => {
  const files = globSync('services/*/src/**/*.ts');
  const inNone = files.filter(
    (file) =>
      !/^services\/[^/]+\/src\/((domain|handlers|outbound|inbound)\/|(main|main\.spec|plans\.spec)\.ts$)/.test(
        file,
      ),
  );
  expect(inNone).toEqual([]);
});

it('the check of imports reports a service that imports another service', async () => {
  const tree = await treeOf({
    'services/a/src/main.ts': "import { b } from '../../b/src/b.ts';\nexport const a = b;\n",
    'services/b/src/b.ts': 'export const b = 1;\n',
  });
  expect(await brokenRules(tree, ['services'])).toEqual([
    'no-service-imports-a-service: services/a/src/main.ts → services/b/src/b.ts',
  ]);
});
