import { globSync, readFileSync } from 'node:fs';
import { inRepository } from '@opennrm/infra/local';
import { expect, it } from 'vitest';

it('every connection to PostgreSQL in packages, services and infra has time limits on the client side', () => {
  const files = globSync('{packages,services,infra}/**/*.ts', { cwd: inRepository('.') }).filter(
    (file) => !/node_modules|\.spec\.ts$/.test(file),
  );
  const opened = files.flatMap((file) =>
    [...readFileSync(inRepository(file), 'utf8').matchAll(/new pg\.(?:Client|Pool)\([^)]*/g)].map(
      ([how]) => ({
        file,
        how,
      }),
    ),
  );
  expect(opened.length).toBeGreaterThan(2);
  expect(opened.filter(({ how }) => !/\.\.\.(connectionLimits|longLimits)/.test(how))).toEqual([]);
});
