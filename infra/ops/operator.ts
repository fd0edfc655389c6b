import { readFile } from 'node:fs/promises';
import { inRepository } from '@opennrm/infra/local';
import {
  type Caller,
  ConfigurationError,
  createLog,
  type IdentitySettings,
  identitySetting,
  KeysUnavailable,
  tokenVerifier,
} from '@opennrm/runtime';
import { OpsError, Unreachable } from './open-platform.ts';

const LOCAL_TOKENS = inRepository('.opennrm/tokens.json');

/**
 * The id of the operator, from a token with the role `operator`: `OPENNRM_TOKEN`, or else the token that `npm start` wrote.
 * @throws OpsError that states how to get a token.
 */
export async function operatorOf(command: string, identity: string | undefined): Promise<string> {
  const how = `set OPENNRM_TOKEN to a token of your identity provider with the role operator, and run \`npm run ops -- ${command}\` again`;
  const token = process.env.OPENNRM_TOKEN ?? (await localToken());
  if (token === undefined) throw new OpsError(`${command} is for an operator: ${how}.`);
  const settings = identitySetting.safeParse(identity);
  if (!settings.success)
    throw new OpsError(
      'The platform file has no issuer of tokens (`identity`): no token can be verified.',
    );
  const actor = await callerOf(token, settings.data).catch((error: unknown) => {
    if (error instanceof KeysUnavailable || error instanceof ConfigurationError)
      throw new Unreachable(
        'The keys of this platform’s issuer cannot be read: the platform has ended, or its issuer does not answer.',
      );
    throw new OpsError(`The token is not one of this platform’s issuer, or has expired: ${how}.`);
  });
  if (actor.role !== 'operator')
    throw new OpsError(`${command} is for an operator, not for a ${actor.role}: ${how}.`);
  return actor.person;
}

/** async, so that a missing file of keys rejects the promise and does not throw. */
const callerOf = async (token: string, settings: IdentitySettings): Promise<Caller> =>
  tokenVerifier(settings, createLog('ops', 'silent'))(token);

async function localToken(): Promise<string | undefined> {
  const text = await readFile(LOCAL_TOKENS, 'utf8').catch(() => undefined);
  return text === undefined
    ? undefined
    : (JSON.parse(text) as { operator?: { token: string } }).operator?.token;
}
