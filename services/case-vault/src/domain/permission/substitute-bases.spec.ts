import { expect, it } from 'vitest';
import { basis, fileAfter, hour, type noon, permission } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import type { EndCause } from './consent-records.ts';
import { chosenReceivers } from './substitute-bases.ts';

/** A yes that counts from five hours after noon on. */
const later: CaseFileEvent = {
  type: 'PermissionGranted',
  permission: permission({ validFrom: hour(5) }),
};
const earlier: CaseFileEvent = {
  type: 'PermissionGranted',
  permission: permission({ permissionId: 'p0' }),
};
const ended = (
  at: typeof noon,
  cause: EndCause = 'withdrawn',
  permissionId = 'p1',
): CaseFileEvent => ({
  type: 'PermissionWithdrawn',
  permissionId,
  at,
  cause,
});

/** Of whom the person has spoken by two hours after noon. */
const ownChoices = (...events: CaseFileEvent[]): readonly string[] =>
  chosenReceivers(
    fileAfter(earlier, later, ...events),
    {
      ...basis(),
      isSubstitute: true,
      endedAt: undefined,
      ownChoices: [
        {
          by: 'p1',
          sections: ['health'],
          organisationIds: ['org-1'],
          serviceClasses: [],
          from: hour(5),
        },
      ],
    },
    'health',
    hour(2),
  ).organisationIds;

it.each<[what: string, events: CaseFileEvent[], expected: string[]]>([
  ['does not count yet', [], []],
  ['that was taken back before was spoken too', [ended(hour(1))], ['org-1']],
  ['was spoken from the moment on at which it is taken back', [ended(hour(2))], ['org-1']],
  ['that will be taken back was not spoken yet', [ended(hour(3))], []],
  ['that a birthday ended was not taken back', [ended(hour(1), 'came-of-age')], []],
  ['was not taken back with another one', [ended(hour(1), 'withdrawn', 'p0')], []],
])('a yes that counts from later on %s', (_what, events, expected) =>
  expect(ownChoices(...events)).toEqual(expected),
);
