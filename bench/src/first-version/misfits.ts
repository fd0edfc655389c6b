/** What a package.json says about the packages that it needs. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

const isOwn = (name: string): boolean => name.startsWith('@opennrm/');

/** The needed packages that are not installed in the version that is pinned, as text. */
export async function misfitsOf(
  manifests: readonly Manifest[],
  installedVersion: (name: string) => Promise<string | undefined>,
): Promise<string[]> {
  const needed = new Map(
    manifests.flatMap(({ dependencies = {} }) => Object.entries(dependencies)),
  );
  const misfits: string[] = [];
  for (const [name, version] of needed) {
    if (isOwn(name)) continue;
    const installed = await installedVersion(name);
    if (installed !== version)
      misfits.push(`${name} ${version} (installed: ${installed ?? 'none'})`);
  }
  return misfits;
}
