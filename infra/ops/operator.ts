import { readFile } from 'node:fs/promises';
import { inRepository } from '@opennrm/infra/local';
import { createLog, identitySetting, KeysUnavailable, tokenVerifier } from '@opennrm/runtime';
import { OpsError } from './open-platform.ts';

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
    throw new OpsError('The platform file does not say whose tokens are taken (`identity`): nobody can be known.');
  const actor = await tokenVerifier(
    settings.data,
    createLog('ops', 'silent'),
  )(token).catch((error: unknown) => {
    if (error instanceof KeysUnavailable) throw new OpsError('The issuer does not give its keys now: try again.');
    throw new OpsError(`The token is not one of this platform’s issuer, or has expired: ${how}.`);
  });
  if (actor.role !== 'operator') throw new OpsError(`${command} is for an operator, not for a ${actor.role}: ${how}.`);
  return actor.person;
}

async function localToken(): Promise<string | undefined> {
  const text = await readFile(LOCAL_TOKENS, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { operator?: { token: string } }).operator?.token;
}
