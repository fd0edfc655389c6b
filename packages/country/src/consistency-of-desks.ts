import { codesOf, type Rule, ruleOver } from './consistency-rule.ts';

/** Whoever is told of delay, and whoever decides, holds that desk: else nobody could act on what they are told. */
const desksOfTheProcessAreHeld = ruleOver(
  ['roles', 'identification'],
  ({ roles, identification }) => {
    const mayHold = (role: string, organisationId: string): boolean =>
      roles.find(({ code }) => code === role)?.heldBy?.includes(organisationId) !== false;
    const told = identification.escalation.flatMap(({ ownerRole, organisationId }, nth) =>
      organisationId === undefined || mayHold(ownerRole, organisationId)
        ? []
        : [
            {
              path: ['identification', 'escalation', nth],
              message: `must hold the desk ${ownerRole} in roles`,
            },
          ],
    );
    const deciding = identification.authorities.flatMap(({ organisationId }, nth) =>
      mayHold('competent-authority', organisationId)
        ? []
        : [
            {
              path: ['identification', 'authorities', nth],
              message: 'must hold the desk competent-authority in roles',
            },
          ],
    );
    return [...told, ...deciding];
  },
);

/** What is of the whole country is some organisation's task, and not that of every organisation that has such a role. */
const countryDesksAreHeld = ruleOver(['roles'], ({ roles }) =>
  COUNTRY_DESKS.filter((desk) => roles.find(({ code }) => code === desk)?.heldBy === undefined).map(
    (desk) => ({
      path: ['roles'],
      message: `must name who holds the desk ${desk} (heldBy)`,
    }),
  ),
);

const COUNTRY_DESKS = [
  'coordinator',
  'accreditor',
  'data-protection-officer',
  'competent-authority',
];

/** Who may act on a referral, and so on its alerts: an alert of anybody else could be resolved by nobody. */
const OWNERS_OF_ALERTS = ['responder', 'caseworker', 'coordinator'];

const alertsHaveAnOwnerWhoMayAct = ruleOver(
  ['alerts', 'defaultAlert', 'roles'],
  ({ alerts, defaultAlert, roles }) => {
    const owned = alerts.map(({ ownerRole }, nth) => ({
      ownerRole,
      path: ['alerts', nth, 'ownerRole'],
    }));
    return [
      ...owned,
      { ownerRole: defaultAlert.ownerRole, path: ['defaultAlert', 'ownerRole'] },
    ].flatMap(({ ownerRole, path }) => {
      if (!codesOf(roles).has(ownerRole)) return [{ path, message: 'names an unknown role' }];
      return OWNERS_OF_ALERTS.includes(ownerRole)
        ? []
        : [
            {
              path,
              message: `must be ${OWNERS_OF_ALERTS.join(', ')}: nobody else may act on a referral`,
            },
          ];
    });
  },
);

/** Who holds a desk, and whose an alert may be. */
export const deskRules: readonly Rule[] = [
  desksOfTheProcessAreHeld,
  countryDesksAreHeld,
  alertsHaveAnOwnerWhoMayAct,
];
