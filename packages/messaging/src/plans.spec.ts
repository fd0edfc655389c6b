import { specifyPlans } from '@opennrm/testkit';
import { LETTERS_TABLE } from './letters.fixture.ts';

specifyPlans({
  workspace: 'packages/messaging',
  service: 'messaging',
  small: {},
  columns: {
    // The business clock of the timer specs begins near zero.
    'timers.due': 'n::bigint * 7919 % 200000 * 10',
  },
  // The tables of the specs stand for the aggregate and timer tables of services, which have the same shape and the same statement text.
  tablesOfSpecs: {
    counter: `CREATE TABLE counter (id uuid PRIMARY KEY, owner_org uuid, version int, generation int, state jsonb, count int);
      GRANT SELECT, INSERT, UPDATE ON counter TO messaging_service`,
    alarm: `CREATE TABLE alarm (id uuid PRIMARY KEY, generation int NOT NULL, fired int NOT NULL DEFAULT 0);
      GRANT SELECT, INSERT, UPDATE ON alarm TO messaging_service`,
    letters: `${LETTERS_TABLE}; GRANT SELECT, INSERT, UPDATE ON letters TO messaging_service`,
  },
  notRecorded: {
    'timer-set': 'services set timers of their own tables: planned in services/referral',
  },
  findsNothing: {
    'inbox-lock': 'inserts, and checks whether the stream is in quarantine: hardly any is',
  },
  readsMore: {
    'messaging-depths': {
      rows: 80_000,
      cause: 'counts six queues and the overdue timers, each of them up to ten thousand',
    },
    'outbox-park': {
      rows: 200_000,
      cause:
        'rare, after a broker refused a message; an index would cost each message that is sent',
    },
  },
});
