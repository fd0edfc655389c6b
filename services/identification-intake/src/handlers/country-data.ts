import type { StoredPacks } from '@opennrm/country/stored-packs';
import type { Author, Context } from '@opennrm/messaging';
import type { Actor, Call, Transaction } from '@opennrm/runtime';
import { type Rules, rulesOf } from '../domain/formal-process/rules.ts';
import type { IndicatorList } from '../domain/screening/indicator-list.ts';

/**
 * The data of the country that every handler uses: the current pack, the stored packs of running procedures, and the lists of indicators.
 */
export interface CountryData {
  readonly packs: StoredPacks;
  readonly lists: ReadonlyMap<string, IndicatorList>;
}

const authorOf = (actor: Actor): Author => actor.asAuthor();

export const contextOf = (call: Call, ruleVersion: string): Context => ({
  at: call.at,
  author: authorOf(call.actor),
  ruleVersion,
});

/** The rules of the pack under which a procedure runs, whichever pack is loaded. */
export const rulesById = async (
  tx: Transaction,
  { packs }: CountryData,
  id: string,
): Promise<Rules> => rulesOf(await packs.byId(tx, id));
