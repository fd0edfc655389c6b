import { expect, it } from 'vitest';
import { describeLanguage, type ImageFile } from './language.ts';

const callableBy = { '[opennrm.options.v1.callable_by]': { roles: ['ROLE_PROVIDER_STAFF'] } };

const fileWith = (part: Partial<ImageFile>): ImageFile => ({
  name: 'opennrm/x/v1/for_y.proto',
  package: 'opennrm.x.v1',
  ...part,
});

it('describeLanguage reports an event field without a sensitivity', () => {
  const { problems } = describeLanguage([
    fileWith({
      messageType: [
        { name: 'BedHeld', field: [{ name: 'hold_id' }] },
        { name: 'ForY', field: [{ name: 'bed_held' }] },
      ],
    }),
  ]);
  expect(problems).toEqual([
    'opennrm/x/v1/for_y.proto: BedHeld.hold_id has no sensitivity (reference, code or coarse)',
  ]);
});

it('describeLanguage reports an rpc without an access rule', () => {
  const { problems } = describeLanguage([
    fileWith({ service: [{ name: 'XService', method: [{ name: 'Accept' }] }] }),
  ]);
  expect(problems).toEqual([
    'opennrm/x/v1/for_y.proto: XService.Accept has no access rule (callable_by)',
  ]);
});

it('describeLanguage reads the roles of an rpc, and that a logged read is not a command', () => {
  const method = [
    { name: 'Accept', options: callableBy },
    { name: 'Read', options: { ...callableBy, idempotencyLevel: 'IDEMPOTENT' } },
    { name: 'List', options: { ...callableBy, idempotencyLevel: 'NO_SIDE_EFFECTS' } },
  ];
  const { access } = describeLanguage([fileWith({ service: [{ name: 'XService', method }] })]);
  expect(access).toEqual({
    '/opennrm.x.v1.XService/Accept': { roles: ['provider-staff'], command: true },
    '/opennrm.x.v1.XService/Read': { roles: ['provider-staff'], command: false },
    '/opennrm.x.v1.XService/List': { roles: ['provider-staff'], command: false },
  });
});
