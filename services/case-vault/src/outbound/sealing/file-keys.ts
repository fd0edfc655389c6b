import { join } from 'node:path';
import { loadOrCreateKey, seal, unseal } from '@opennrm/runtime';
import type { KeyRing } from './key-ring.ts';

/** Keys in files, one for each organisation, readable by this process alone: for development and tests. */
export function fileKeys(directory: string): KeyRing {
  const keys = new Map<string, Promise<Buffer>>();
  const keyOf = (name: string): Promise<Buffer> => {
    const known = keys.get(name) ?? loadOrCreateKey(join(directory, `${name}.key`));
    keys.set(name, known);
    return known;
  };
  return {
    wrap: async (organisation, dataKey, context) =>
      seal(await keyOf(organisation), dataKey, context),
    unwrap: async (organisation, wrapped, context) =>
      unseal(await keyOf(organisation), wrapped, context),
    hashKey: () => keyOf('requests'),
  };
}
