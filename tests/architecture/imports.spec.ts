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
    throw new Error('nothing was looked at: a TypeScript parser for dependency-cruiser is missing');
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

it('keeps every domain pure, services apart, and the packages free of services', async () => {
  expect(await brokenRules(process.cwd(), ['packages', 'services'])).toEqual([]);
});

it('fails for a domain that imports an adapter, and for one that imports a library', async () => {
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

it('fails for a layer that imports one above it, and lets a layer be skipped downwards', async () => {
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

it('has every file of a service in a layer', () => {
  const files = globSync('services/*/src/**/*.ts');
  const inNone = files.filter(
    (file) =>
      !/^services\/[^/]+\/src\/((domain|handlers|outbound|inbound)\/|(main|main\.spec|plans\.spec)\.ts$)/.test(
        file,
      ),
  );
  expect(inNone).toEqual([]);
});

it('fails for a service that imports a service', async () => {
  const tree = await treeOf({
    'services/a/src/main.ts': "import { b } from '../../b/src/b.ts';\nexport const a = b;\n",
    'services/b/src/b.ts': 'export const b = 1;\n',
  });
  expect(await brokenRules(tree, ['services'])).toEqual([
    'no-service-imports-a-service: services/a/src/main.ts → services/b/src/b.ts',
  ]);
});
