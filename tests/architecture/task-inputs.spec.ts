import { execFileSync } from 'node:child_process';
import { join, normalize } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { expect, it } from 'vitest';
import rules from '../../.dependency-cruiser.json' with { type: 'json' };

interface Task {
  readonly taskId: string;
  readonly package: string;
  readonly command: string;
  readonly directory: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
}

/** Every task of the types and specs as Turborepo would run it, with the files that it hashes. */
const tasks = (
  JSON.parse(
    execFileSync('turbo', ['run', 'types', 'test:pure', 'test:parts', 'test:plans', '--dry=json'], {
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString(),
  ) as { tasks: Task[] }
).tasks;

/** The hashed files of a task and of every task before it. */
function hashedFiles(task: Task, seen = new Set<string>()): string[] {
  if (seen.has(task.taskId)) return [];
  seen.add(task.taskId);
  const own = Object.keys(task.inputs).map((path) => normalize(join(task.directory, path)));
  const before = tasks.filter(({ taskId }) => task.dependencies.includes(taskId));
  return [...own, ...before.flatMap((one) => hashedFiles(one, seen))];
}

/** Every source file, with the files that it imports. */
const imports = await (async () => {
  const { options } = rules;
  const folders = ['packages', 'services', 'infra', 'tests', 'bench'];
  const { modules } = (await cruise(folders, { ...(options as object), validate: false }))
    .output as ICruiseResult;
  const own = (path: string): boolean => /^(packages|services|infra|tests|bench)\//.test(path);
  return new Map(
    modules
      .filter(({ source }) => own(source))
      .map(({ source, dependencies }) => [
        source,
        dependencies.map(({ resolved }) => resolved).filter(own),
      ]),
  );
})();

function reached(from: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    open.push(...(imports.get(file) ?? []));
  }
  return found;
}

/** Generated files are hashed as the output of the task that generates them. */
const isGenerated = (path: string): boolean => path.startsWith('packages/contracts/gen/');

const specsOf = ({ taskId, directory }: Task): string[] => {
  const inFolder = [...imports.keys()].filter((path) => path.startsWith(`${directory}/`));
  return taskId.endsWith('#types')
    ? inFolder
    : inFolder.filter((path) => path.endsWith('.spec.ts'));
};

/** All tasks that Turborepo caches. The specs of `tests` read every file of the checkout, so they are never cached. */
const cached = tasks.filter(
  ({ taskId, command, package: name }) =>
    /#(types|test:pure|test:parts|test:plans)$/.test(taskId) &&
    command !== '<NONEXISTENT>' &&
    (name !== '@opennrm/tests' || taskId.endsWith('#types')),
);

it.each(cached.map((task) => [task.taskId, task] as const))(
  '%s runs again when a file that it uses changes',
  (_, task) => {
    const hashed = new Set(hashedFiles(task));
    const missing = [...reached(specsOf(task))].filter(
      (path) => !hashed.has(path) && !isGenerated(path),
    );
    expect(
      missing,
      'add the workspace to its package.json, or the folder to the inputs in its turbo.json',
    ).toEqual([]);
  },
);

it('the check of task inputs follows the imports of specs into other packages', () => {
  const referral = cached.find(({ taskId }) => taskId === '@opennrm/referral#test:parts');
  const used = referral ? reached(specsOf(referral)) : new Set();
  expect(used).toContain('packages/messaging/src/relay.ts');
  expect(used).toContain('packages/testkit/src/test-database.ts');
});
