import {
  AccompaniedBy,
  ArrivalAge,
  type ArrivalServiceService,
  HelpNeeded,
  type RegisterArrivalsResponse,
} from '@opennrm/contracts/opennrm/identification_intake/v1/arrivals.ts';
import { endOfTerm, type Term } from '@opennrm/country';
import {
  answer,
  exchange,
  FIRST_ID,
  field,
  oneOf,
  pagingBy,
  type RpcsOf,
  refused,
  unary,
} from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { z } from 'zod';
import { rulesOf } from '../../domain/formal-process/rules.ts';
import type { CountryData } from '../../handlers/country-data.ts';
import { referArrival, registerArrival, waitingArrivals } from '../../outbound/arrivals.ts';
import { isKnown } from '../../outbound/references.ts';

type Rpcs = RpcsOf<typeof ArrivalServiceService>;

const help = oneOf({
  [HelpNeeded.NOW]: 'now',
  [HelpNeeded.TODAY]: 'today',
  [HelpNeeded.LATER]: 'later',
} as const);
/** The order in which people are helped. */
const RANK = { now: 1, today: 2, later: 3 } as const;
const age = oneOf({
  [ArrivalAge.ADULT]: 'adult',
  [ArrivalAge.CHILD]: 'child',
  [ArrivalAge.UNSURE]: 'unsure',
} as const);
const accompaniedBy = oneOf({
  [AccompaniedBy.FAMILY]: 'family',
  [AccompaniedBy.OTHERS]: 'others',
  [AccompaniedBy.NOBODY]: 'nobody',
} as const);
const onWire = {
  help: { 1: HelpNeeded.NOW, 2: HelpNeeded.TODAY, 3: HelpNeeded.LATER } as Readonly<
    Record<number, HelpNeeded>
  >,
  age: { adult: ArrivalAge.ADULT, child: ArrivalAge.CHILD, unsure: ArrivalAge.UNSURE },
  accompaniedBy: {
    family: AccompaniedBy.FAMILY,
    others: AccompaniedBy.OTHERS,
    nobody: AccompaniedBy.NOBODY,
  },
} as const;

const paging = pagingBy({ rank: -1, helpNeeded: 0, at: 0, id: FIRST_ID });

const taken = (tokenId: string, known: boolean): RegisterArrivalsResponse => ({
  tokenId,
  known,
  refusal: '',
  field: '',
  problems: [],
});

/** Device clocks are inexact: a time up to this much ahead counts as now. */
const AHEAD_AT_MOST_MS = 300_000;

/** The rpcs of the protection desk. Its records are sent to no service and are deleted after their retention. */
export function arrivalRpcs(country: CountryData): Rpcs {
  const { retention } = country.packs.current;
  const { workdays } = rulesOf(country.packs.current);
  const until = (keep: Term, at: Instant): Instant => endOfTerm(workdays, keep, at).due;
  return {
    registerArrivals: exchange(
      z.object({
        tokenId: field.id,
        helpNeeded: help,
        age,
        accompaniedBy: accompaniedBy,
        groupId: field.optionalId,
        notedAt: field.moment,
      }),
      async (tx, { accompaniedBy: withWhom, notedAt, ...request }, { actor, at: now }) => {
        if (notedAt > now + AHEAD_AT_MOST_MS) return refused('in-the-future', 'noted_at');
        const at = instant(Math.min(notedAt, now));
        // The retention begins when the arrival was recorded, however often and late it is sent, so that a deleted arrival stays deleted.
        const keepUntil = until(retention['arrival-not-referred'], at);
        if (keepUntil <= now) return refused('too-old', 'noted_at');
        const helpNeeded = RANK[request.helpNeeded];
        const one = {
          ...request,
          helpNeeded,
          accompaniedBy: withWhom,
          ownerOrg: actor.organisation,
          at,
          keepUntil,
        };
        const was = await registerArrival(tx, one);
        return was === 'taken'
          ? refused('already-exists', 'token_id')
          : answer(taken(request.tokenId, was === 'known'));
      },
      (request, refusal, wrong, problems) => ({
        ...taken(request?.tokenId ?? '', false),
        refusal,
        field: wrong,
        problems: [...problems],
      }),
    ),
    listArrivals: unary(
      z.object({ pageSize: field.pageSize, pageToken: paging.pageToken }),
      async (tx, request, { actor }) => {
        const rows = await waitingArrivals(
          tx,
          actor.organisation,
          request.pageToken,
          request.pageSize,
        );
        return answer({
          arrivals: rows.map((row) => ({
            tokenId: row.token_id,
            helpNeeded: onWire.help[row.help_needed] ?? HelpNeeded.UNSPECIFIED,
            age: onWire.age[row.age],
            accompaniedBy: onWire.accompaniedBy[row.accompanied_by],
            at: new Date(row.at),
            linked: row.linked,
          })),
          nextPageToken: paging.nextPageToken(rows, request.pageSize, (row) => ({
            rank: row.rank,
            helpNeeded: row.help_needed,
            at: row.at,
            id: row.token_id,
          })),
        });
      },
    ),
    referArrival: unary(
      z.object({ tokenId: field.id, caseReference: field.id }),
      async (tx, { tokenId, caseReference }, { actor, at }) => {
        if (!(await isKnown(tx, caseReference))) return refused('not-known-yet', 'case_reference');
        const kept = until(retention['arrival-referred'], at);
        const one = { tokenId, ownerOrg: actor.organisation };
        return (await referArrival(tx, one, caseReference, kept))
          ? answer({ tokenId })
          : refused('not-found', 'token_id');
      },
    ),
  };
}
