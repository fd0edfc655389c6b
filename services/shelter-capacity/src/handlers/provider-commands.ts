import type { CountryPack } from '@opennrm/country';
import { type Author, answerFrom } from '@opennrm/messaging';
import { type Actor, type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { accept, type Decision, type Instant } from '@opennrm/runtime/decision';
import type { ProviderEvent } from '../domain/events.ts';
import type { Provider } from '../domain/provider.ts';
import type { OrganisationId } from '../domain/site.ts';
import { providers } from '../outbound/providers.ts';

/** The actor as the journal records them. */
export const authorOf = (actor: Actor): Author => actor.asAuthor();

export type Decide<Refusal extends string = string> = (
  provider: Provider,
) => Decision<ProviderEvent, Refusal>;

/** Locks a provider, decides, and stores the events. */
export const changeProvider = (
  tx: Transaction,
  providerId: string,
  at: Instant,
  author: Author,
  decide: Decide,
) => providers.change(tx, providerId, { at, author }, decide);

/** Creates the row of a provider when the directory first names a service of it. */
export async function beginProvider(
  tx: Transaction,
  organisationId: string,
  at: Instant,
  author: Author,
): Promise<void> {
  const began = accept<ProviderEvent>({
    type: 'ProviderBegan',
    organisationId: organisationId as OrganisationId,
  });
  if (!(await providers.find(tx, organisationId)))
    await providers.create(tx, organisationId, began, { at, author });
}

/** A command on a provider. */
export async function commandProvider<Response>(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  providerId: string | undefined,
  decide: Decide,
  respond: (provider: Provider) => Response,
  field: string,
): Promise<Answer<Response>> {
  if (providerId === undefined) return refused('not-found', field);
  const context = { at: call.at, author: authorOf(call.actor), ruleVersion: pack.id };
  return answerFrom(await providers.change(tx, providerId, context, decide), respond, field);
}
