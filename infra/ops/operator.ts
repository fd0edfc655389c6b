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
 * Who asks, from a token with the role `operator`: `OPENNRM_TOKEN`, or on a platform of `npm start` the one that it wrote.
 * @throws OpsError that says where to get one.
 */
export async function operatorOf(command: string, identity: string | undefined): Promise<string> {
  const how = `set OPENNRM_TOKEN to a token of your identity provider with the role operator, and run \`npm run ops -- ${command}\` again`;
  const token = process.env.OPENNRM_TOKEN ?? (await localToken());
  if (token === undefined) throw new OpsError(`${command} is for an operator: ${how}.`);
  const settings = identitySetting.safeParse(identity);
  if (!settings.success)
    throw new OpsError(
      'The platform file does not say whose tokens are taken (`identity`): nobody can be known.',
    );
  const actor = await callerOf(token, settings.data).catch((error: unknown) => {
    if (error instanceof KeysUnavailable || error instanceof ConfigurationError)
      throw new Unreachable(
        'The keys of this platform’s issuer cannot be had: it has ended, or its issuer does not answer.',
      );
    throw new OpsError(`The token is not one of this platform’s issuer, or has expired: ${how}.`);
  });
  if (actor.role !== 'operator')
    throw new OpsError(`${command} is for an operator, not for a ${actor.role}: ${how}.`);
  return actor.person;
}

/** As a promise from the first line: a file of keys that has gone is said at once. */
const callerOf = async (token: string, settings: IdentitySettings): Promise<Caller> =>
  tokenVerifier(settings, createLog('ops', 'silent'))(token);

async function localToken(): Promise<string | undefined> {
  const text = await readFile(LOCAL_TOKENS, 'utf8').catch(() => undefined);
  return text === undefined
    ? undefined
    : (JSON.parse(text) as { operator?: { token: string } }).operator?.token;
}
