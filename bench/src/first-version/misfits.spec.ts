import { expect, it } from 'vitest';
import { misfitsOf } from './misfits.ts';

const installed = async (name: string): Promise<string | undefined> =>
  ({ pg: '8.23.1', kafkajs: '2.3.0' })[name];

it('packages of another version, and those that are not installed, do not fit', async () => {
  const manifests = [
    { dependencies: { pg: '8.23.1', '@opennrm/runtime': '0.1.0' } },
    { dependencies: { kafkajs: '2.2.4', zod: '4.6.7' } },
  ];
  expect(await misfitsOf(manifests, installed)).toEqual([
    'kafkajs 2.2.4 (installed: 2.3.0)',
    'zod 4.6.7 (installed: none)',
  ]);
});

it('the same versions fit, and so does a workspace that needs no package', async () => {
  expect(await misfitsOf([{ dependencies: { pg: '8.23.1' } }, {}], installed)).toEqual([]);
});
