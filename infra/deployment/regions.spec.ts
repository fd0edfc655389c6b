import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { manifests } from '../local/manifests.ts';
import { inRepository } from '../local/repository.ts';
import { deploymentFiles, withRegions } from './regions.ts';

it.each(deploymentFiles)('%s names every service as its manifest states it', async (file) => {
  const text = await readFile(inRepository(file), 'utf8');
  expect(text, 'run `npm run deployment`').toBe(withRegions(text, manifests));
  expect(text).toContain('# generated: ');
});

it('writes a region anew and keeps what is around it', () => {
  const text = 'a\n  # generated: trial\n  old: *trial\n  # end\nb\n';
  const services = [{ name: 'x', ports: { grpc: 1, health: 2 } }];
  const written = 'a\n  # generated: trial\n  x: *trial\n  # end\nb\n';
  expect(withRegions(text, services)).toBe(written);
  expect(withRegions(written, services)).toBe(written);
});

it('refuses a region that there is not', () => {
  expect(() => withRegions('# generated: nothing\n# end\n', [])).toThrow(
    'there is no generated region "nothing"',
  );
});
