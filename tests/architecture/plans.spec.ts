import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { namedInSource } from '@opennrm/testkit/pure';
import { expect, it } from 'vitest';

const plans = globSync('{packages,services}/*/src/plans.spec.ts').map((file) =>
  readFileSync(file, 'utf8'),
);
/** The workspaces whose statements a `plans.spec.ts` checks. */
const planned = plans.flatMap((text) =>
  [...text.matchAll(/workspace: '([^']+)'|alsoOf: \['([^']+)'\]/g)].map(
    ([, own, other]) => own ?? other,
  ),
);

it('every workspace with named statements has its query plans checked', () => {
  const workspaces = globSync('{packages,services}/*/package.json').map((file) => dirname(file));
  const naming = workspaces.filter((workspace) => namedInSource(workspace).length > 0);
  expect(naming.filter((workspace) => !planned.includes(workspace))).toEqual([]);
  expect(naming.length).toBeGreaterThan(5);
});
