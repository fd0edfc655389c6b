import type { CountryPack } from '@opennrm/country';
import {
  type Answer,
  answer,
  type Call,
  type Personal,
  refused,
  type Transaction,
} from '@opennrm/runtime';
import { freeOf, type Provider, siteOf } from '../domain/provider.ts';
import type { Room, Site, SiteId, UnitId } from '../domain/site.ts';
import {
  addRooms,
  declareCount,
  type NewSite,
  registerSite,
  returnToService,
  takeOutOfService,
} from '../domain/sites.ts';
import type { Address, Addresses } from '../outbound/addresses.ts';
import { providerOfSite } from '../outbound/owners.ts';
import { providerOfService } from '../outbound/provider-of.ts';
import { providers } from '../outbound/providers.ts';
import { fieldOwnedByAnother } from '../outbound/room-unit-owners.ts';
import { commandProvider, type Decide } from './provider-commands.ts';

type Free = Answer<{ free: number }>;

const freeAt =
  (siteId: string) =>
  (provider: Provider): { free: number } => {
    const site = siteOf(provider, siteId);
    return { free: site ? freeOf(provider, site.serviceId) : 0 };
  };

const changeOwnSite = (
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  siteId: string,
  field: string,
  decide: Decide,
): Promise<Free> =>
  commandProvider(tx, pack, call, call.actor.organisation, decide, freeAt(siteId), field);

/** Registers a place of a service of the caller, as the directory names it. The address is sealed and stored separately. */
export async function register(
  tx: Transaction,
  pack: CountryPack,
  addresses: Addresses,
  site: NewSite,
  address: Personal<Address>,
  call: Call,
): Promise<Free> {
  const { organisation } = call.actor;
  const owner = await providerOfService(tx, site.serviceId);
  if (owner === undefined) return refused('not-known-yet', 'service_id');
  if (owner !== organisation) return refused('not-found', 'service_id');
  const siteOwner = await providerOfSite(tx, site.siteId);
  if (siteOwner !== undefined && siteOwner !== organisation)
    return refused('already-exists', 'site_id');
  const ownedField = await fieldOwnedByAnother(tx, organisation, site.rooms);
  if (ownedField !== undefined) return refused('already-exists', ownedField);
  const given = await changeOwnSite(tx, pack, call, site.siteId, 'site_id', (provider) =>
    registerSite(provider, site, call.at),
  );
  if (given.kind === 'answer') await addresses.keep(tx, site.siteId, organisation, address);
  return given;
}

export async function rooms(
  tx: Transaction,
  pack: CountryPack,
  siteId: SiteId,
  added: readonly Room[],
  call: Call,
): Promise<Free> {
  // Checked before rooms and units: a caller without this site learns nothing about the ids of others.
  if ((await providerOfSite(tx, siteId)) !== call.actor.organisation)
    return refused('not-found', 'site_id');
  const ownedField = await fieldOwnedByAnother(tx, call.actor.organisation, added);
  if (ownedField !== undefined) return refused('already-exists', ownedField);
  return changeOwnSite(tx, pack, call, siteId, 'site_id', (provider) =>
    addRooms(provider, siteId, added, call.at),
  );
}

interface Count {
  readonly siteId: SiteId;
  readonly units: number;
  readonly occupiedByOthers: number;
}

/** A site of the caller's organisation, without its address. */
export async function site(tx: Transaction, siteId: string, call: Call): Promise<Answer<Site>> {
  const provider = await providers.find(tx, call.actor.organisation);
  const found = provider && siteOf(provider, siteId);
  return found ? answer(found) : refused('not-found', 'site_id');
}

export const count = (
  tx: Transaction,
  pack: CountryPack,
  { unlessDeclared = false, ...declared }: Count & { readonly unlessDeclared?: boolean },
  call: Call,
): Promise<Free> =>
  changeOwnSite(tx, pack, call, declared.siteId, 'site_id', (provider) =>
    declareCount(provider, declared, call.at, unlessDeclared),
  );

export const outOfService = (
  tx: Transaction,
  pack: CountryPack,
  change: { readonly unitId: UnitId; readonly outOfService: boolean; readonly code: string },
  call: Call,
): Promise<Free> => {
  const { unitId, code } = change;
  const siteOfUnit = (provider: Provider): string =>
    provider.sites.find((site) => site.rooms.some((room) => room.unitIds.includes(unitId)))
      ?.siteId ?? '';
  return commandProvider(
    tx,
    pack,
    call,
    call.actor.organisation,
    (provider) =>
      change.outOfService
        ? takeOutOfService(provider, unitId, code, call.at)
        : returnToService(provider, unitId, call.at),
    (provider) => freeAt(siteOfUnit(provider))(provider),
    'unit_id',
  );
};
