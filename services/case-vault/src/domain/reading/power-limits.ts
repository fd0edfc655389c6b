import type { Consent, Power } from '@opennrm/country';

/**
 * Support data is never available for enforcement or immigration control (`domain.md` §4). On any basis, an organisation with such a power reads only
 * the sections and purposes that its power limit allows. Power limits follow powers, not names of roles.
 */
export const isBehindBarrier = (
  powerLimits: Consent['powerLimits'],
  powers: readonly Power[],
  { section, purpose }: { readonly section: string; readonly purpose: string },
): boolean =>
  powerLimits
    .filter(({ power }) => powers.includes(power))
    .some(({ purposes, sections }) => !purposes.includes(purpose) || !sections.includes(section));
