import type { CountryPack } from '@opennrm/country';
import {
  type Answer,
  answer,
  type Call,
  type Personal,
  refused,
  type Transaction,
} from '@opennrm/runtime';
import { type Instant, refuse } from '@opennrm/runtime/decision';
import type { HoldId } from '../domain/hold.ts';
import { readAddress } from '../domain/journey.ts';
import { holdOf, type Provider } from '../domain/provider.ts';
import type { UnitId } from '../domain/site.ts';
import * as stay from '../domain/stay.ts';
import type { Address, Addresses } from '../outbound/addresses.ts';
import { providerOfHold } from '../outbound/provider-of.ts';
import { commandProvider, type Decide } from './provider-commands.ts';

type State = Answer<{ state: string }>;

/** The state of a hold, for the staff of the place. */
export function stateOf(provider: Provider, holdId: string): string {
  const hold = holdOf(provider, holdId);
  if (!hold) return 'ended';
  return hold.status === 'stay' && hold.presence.kind !== 'present'
    ? hold.presence.kind
    : hold.status;
}

/** Staff act on holds of their own organisation. A coordinator may record for any organisation what its staff reported by telephone. */
async function changeHold(
  tx: Transaction,
  pack: CountryPack,
  holdId: HoldId,
  call: Call,
  decide: Decide,
): Promise<State> {
  const providerId = await providerOfHold(tx, holdId);
  const may = providerId === call.actor.organisation || call.actor.holds('coordinator');
  return commandProvider(
    tx,
    pack,
    call,
    providerId,
    may ? decide : () => refuse('not-found', 'hold_id'),
    (provider) => ({ state: stateOf(provider, holdId) }),
    'hold_id',
  );
}

export const arrival = (
  tx: Transaction,
  pack: CountryPack,
  holdId: HoldId,
  call: Call,
): Promise<State> =>
  changeHold(tx, pack, holdId, call, (provider) => stay.recordArrival(provider, holdId, call.at));

export const didNotArrive = (
  tx: Transaction,
  pack: CountryPack,
  holdId: HoldId,
  call: Call,
): Promise<State> =>
  changeHold(tx, pack, holdId, call, (provider) => stay.recordDidNotArrive(provider, holdId));

export const move = (
  tx: Transaction,
  pack: CountryPack,
  holdId: HoldId,
  unitIds: readonly UnitId[],
  call: Call,
): Promise<State> =>
  changeHold(tx, pack, holdId, call, (provider) => stay.moveWithin(provider, holdId, unitIds));

export const absent = (
  tx: Transaction,
  pack: CountryPack,
  holdId: HoldId,
  keptUntil: Instant,
  call: Call,
): Promise<State> =>
  changeHold(tx, pack, holdId, call, (provider) =>
    stay.recordAbsent(provider, holdId, keptUntil, call.at),
  );

export const missing = (
  tx: Transaction,
  pack: CountryPack,
  holdId: HoldId,
  call: Call,
): Promise<State> =>
  changeHold(tx, pack, holdId, call, (provider) => stay.recordMissing(provider, holdId));

export const returned = (
  tx: Transaction,
  pack: CountryPack,
  holdId: HoldId,
  call: Call,
): Promise<State> =>
  changeHold(tx, pack, holdId, call, (provider) => stay.recordReturned(provider, holdId));

export const end = (
  tx: Transaction,
  pack: CountryPack,
  holdId: HoldId,
  code: string,
  call: Call,
): Promise<State> =>
  changeHold(tx, pack, holdId, call, (provider) => stay.endStay(provider, holdId, code, call.at));

/** The read and its record are one transaction: no address is read without a record. */
export async function address(
  tx: Transaction,
  pack: CountryPack,
  addresses: Addresses,
  holdId: HoldId,
  call: Call,
): Promise<Answer<Personal<Address>>> {
  const { person, organisation } = call.actor;
  const given = await commandProvider(
    tx,
    pack,
    call,
    await providerOfHold(tx, holdId),
    (provider) => readAddress(provider, holdId, { person, organisation }, call.at),
    (provider) => holdOf(provider, holdId)?.siteId,
    'hold_id',
  );
  if (given.kind === 'refused') return given;
  const found = given.response && (await addresses.find(tx, given.response));
  return found ? answer(found) : refused('not-found', 'hold_id');
}
