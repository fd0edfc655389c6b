import type { Desks } from '@opennrm/runtime';
import type { CountryPack } from './pack.ts';

/**
 * The desks of a country. A role that the pack gives to named organisations is a desk in those only; any other role is a desk of each
 * organisation for itself.
 */
export function desksOf({ roles }: Pick<CountryPack, 'roles'>): Desks {
  const holders = new Map(roles.map(({ code, heldBy }) => [code, heldBy]));
  return (role, organisation) => {
    if (!holders.has(role)) return undefined;
    const heldBy = holders.get(role);
    return heldBy === undefined || heldBy.includes(organisation) ? role : undefined;
  };
}
