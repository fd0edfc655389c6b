import { expect, it } from 'vitest';
import { basis, fileAfter, hour, type noon, permission } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import type { EndCause } from './consent-records.ts';
import { chosenReceivers } from './substitute-bases.ts';

/** A permission that begins five hours after noon. */
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

/** Organisations about which the person has decided by two hours after noon. */
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
  ['counts when it was withdrawn before', [ended(hour(1))], ['org-1']],
  ['counts from the moment of its withdrawal', [ended(hour(2))], ['org-1']],
  ['does not count before its withdrawal', [ended(hour(3))], []],
  ['does not count when a birthday ended it', [ended(hour(1), 'came-of-age')], []],
  ['does not count when another permission was withdrawn', [ended(hour(1), 'withdrawn', 'p0')], []],
])('as the person’s own choice, a permission that begins later %s', (_what, events, expected) =>
  expect(ownChoices(...events)).toEqual(expected),
);
