import { codesOf, type Rule, ruleOver } from './consistency-rule.ts';

/** An organisation that is notified of delay or decides must hold the desk for it. Otherwise it could not act. */
const desksOfTheProcessAreHeld = ruleOver(
  ['roles', 'identification'],
  ({ roles, identification }) => {
    const mayHold = (role: string, organisationId: string): boolean =>
      roles.find(({ code }) => code === role)?.heldBy?.includes(organisationId) !== false;
    const notified = identification.escalation.flatMap(({ ownerRole, organisationId }, nth) =>
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
    return [...notified, ...deciding];
  },
);

/** A task for the whole country belongs to named organisations, not to every organisation that has such a role. */
const countryDesksAreHeld = ruleOver(['roles'], ({ roles }) =>
  COUNTRY_DESKS.filter((desk) => roles.find(({ code }) => code === desk)?.heldBy === undefined).map(
    (desk) => ({
      path: ['roles'],
      message: `must name the holders of the desk ${desk} (heldBy)`,
    }),
  ),
);

const COUNTRY_DESKS = [
  'coordinator',
  'accreditor',
  'data-protection-officer',
  'competent-authority',
];

/** The roles that may act on a referral, and so on its alerts. Nobody could resolve an alert of another role. */
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
              message: `must be ${OWNERS_OF_ALERTS.join(', ')}: only these roles may act on a referral`,
            },
          ];
    });
  },
);

/** Rules about the holders of desks and the owners of alerts. */
export const deskRules: readonly Rule[] = [
  desksOfTheProcessAreHeld,
  countryDesksAreHeld,
  alertsHaveAnOwnerWhoMayAct,
];
