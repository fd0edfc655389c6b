import { expect, it } from 'vitest';
import { consequenceOf } from './changed.ts';

const all = ['referral', 'case-vault'];

it.each([
  ['services/referral/src/domain/search.ts', false, ['referral']],
  ['services/referral/src/domain/search.spec.ts', false, []],
  ['services/referral/README.md', false, []],
  ['services/unknown/src/main.ts', false, []],
  ['packages/messaging/src/relay.ts', false, all],
  ['packages/messaging/node_modules/pg/index.ts', false, []],
  ['packages/contracts/gen/access.ts', false, []],
  ['infra/countries/sample/referral.json', false, all],
  ['proto/opennrm/referral/v1/service.proto', true, all],
])('after a change of %s: generate %s, start again %j', (path, generate, services) => {
  expect(consequenceOf(path, all)).toEqual({ generate, services });
});
