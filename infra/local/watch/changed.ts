/** The consequence of a changed file of the checkout. */
export interface Consequence {
  /** The published language is generated again first. */
  readonly generate: boolean;
  /** Names of the services that start again. */
  readonly services: readonly string[];
}

const NOTHING: Consequence = { generate: false, services: [] };

/**
 * @param path inside the checkout, with forward slashes.
 * @param all the services of the platform.
 */
export function consequenceOf(path: string, all: readonly string[]): Consequence {
  if (/\.(spec|fixture)\.ts$/.test(path) || /(^|\/)(node_modules|gen)\//.test(path)) return NOTHING;
  if (/^proto\/.*\.proto$/.test(path)) return { generate: true, services: all };
  if (/^packages\/[^/]+\/src\/.*\.ts$/.test(path) || /^infra\/countries\/.*\.json$/.test(path))
    return { generate: false, services: all };
  const service = /^services\/([^/]+)\/src\/.*\.ts$/.exec(path)?.[1];
  return service !== undefined && all.includes(service)
    ? { generate: false, services: [service] }
    : NOTHING;
}
