import type { Consent, Power } from '@opennrm/country';

/**
 * Support data is never available for enforcement or immigration control (`domain.md` §4): a body with such a power reads, whatever was permitted and
 * on whatever basis, only what the wall lets through. Walls follow powers, not names of roles.
 */
export const isBehindWall = (
  walls: Consent['walls'],
  powers: readonly Power[],
  { section, purpose }: { readonly section: string; readonly purpose: string },
): boolean =>
  walls
    .filter(({ power }) => powers.includes(power))
    .some(({ purposes, sections }) => !purposes.includes(purpose) || !sections.includes(section));
