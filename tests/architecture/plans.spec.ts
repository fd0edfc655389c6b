import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { namedInSource } from '@opennrm/testkit/pure';
import { expect, it } from 'vitest';

const plans = globSync('{packages,services}/*/src/plans.spec.ts').map((file) =>
  readFileSync(file, 'utf8'),
);
/** The workspaces whose statements some specification of plans measures. */
const planned = plans.flatMap((text) =>
  [...text.matchAll(/workspace: '([^']+)'|alsoOf: \['([^']+)'\]/g)].map(
    ([, own, other]) => own ?? other,
  ),
);

it('measures the plans of every named statement of a package or a service', () => {
  const workspaces = globSync('{packages,services}/*/package.json').map((file) => dirname(file));
  const naming = workspaces.filter((workspace) => namedInSource(workspace).length > 0);
  expect(naming.filter((workspace) => !planned.includes(workspace))).toEqual([]);
  expect(naming.length).toBeGreaterThan(5);
});
