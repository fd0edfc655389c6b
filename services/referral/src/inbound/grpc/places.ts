import type {
  GetPlacesResponse,
  PlaceHold,
  PlacesServiceService,
} from '@opennrm/contracts/opennrm/referral/v1/places.ts';
import type { CountryPack } from '@opennrm/country';
import {
  answer,
  codeOf,
  FIRST_ID,
  field,
  pagingBy,
  type RpcsOf,
  refused,
  unary,
} from '@opennrm/runtime';
import { z } from 'zod';
import type { Declared } from '../../domain/places/declared.ts';
import type { PlacesHold } from '../../domain/places/hold.ts';
import type { Places } from '../../domain/places/places.ts';
import { freeUnits } from '../../domain/places/units.ts';
import * as places from '../../handlers/places.ts';

const pages = pagingBy({ id: FIRST_ID });

const people = (most: number) =>
  z.number().int().min(1, 'must be at least 1').max(most, `must be at most ${most}`);

const slots = z
  .array(z.object({ start: field.moment, places: people(50) }))
  .max(500, 'must be at most 500 slots');

const declared = z
  .discriminatedUnion('$case', [
    z.object({ $case: z.literal('count'), value: z.object({ places: people(1_000) }) }),
    z.object({ $case: z.literal('appointments'), value: z.object({ slots }) }),
    z.object({
      $case: z.literal('caseload'),
      value: z.object({
        limit: people(1_000),
        limitOfWorker: z.number().int().max(1_000, 'must be at most 1000'),
      }),
    }),
  ])
  .transform((one): Declared => {
    switch (one.$case) {
      case 'count':
        return { kind: 'count', places: one.value.places };
      case 'appointments':
        return { kind: 'appointments', slots: one.value.slots };
      case 'caseload':
        return {
          kind: 'caseload',
          limit: one.value.limit,
          limitOfWorker: one.value.limitOfWorker || undefined,
        };
    }
  });

/** What services of the directory declare and record about their own places. */
export function placesRpcs(pack: CountryPack): RpcsOf<typeof PlacesServiceService> {
  const holdId = field.id;
  return {
    declarePlaces: unary(z.object({ serviceId: field.id, declared }), (tx, request, call) =>
      places.declare(tx, pack, request, call),
    ),
    getPlaces: unary(
      z.object({ serviceId: field.id, pageSize: field.pageSize, pageToken: pages.pageToken }),
      async (tx, { serviceId, pageSize, pageToken }, call) => {
        const state = await places.findPlaces(tx, serviceId, call);
        if (!state) return refused('not-found', 'service_id');
        const page = state.holds
          .toSorted((a, b) => (a.holdId < b.holdId ? -1 : 1))
          .filter((hold) => hold.holdId > pageToken.id)
          .slice(0, pageSize);
        return answer({
          declared: declaredOnWire(state),
          free: freeUnits(state, call.at),
          holds: page.map(holdView),
          nextPageToken: pages.nextPageToken(page, pageSize, (hold) => ({ id: hold.holdId })),
        });
      },
    ),
    agreeAppointment: unary(z.object({ holdId, at: field.moment }), (tx, request, call) =>
      places.changeHold(tx, pack, request.holdId, call, places.agree(request.at)),
    ),
    recordKept: unary(z.object({ holdId }), (tx, request, call) =>
      places.changeHold(tx, pack, request.holdId, call, places.keep),
    ),
    recordMissed: unary(
      z.object({
        holdId,
        code: codeOf(pack.missedAppointmentCodes, 'code of a missed appointment'),
      }),
      (tx, request, call) =>
        places.changeHold(tx, pack, request.holdId, call, places.miss(request.code)),
    ),
    assignWorker: unary(z.object({ holdId, workerId: field.id }), (tx, request, call) =>
      places.changeHold(tx, pack, request.holdId, call, places.assign(request.workerId)),
    ),
    endService: unary(
      z.object({ holdId, code: codeOf(pack.endOfServiceCodes, 'code of the end of a service') }),
      (tx, request, call) =>
        places.changeHold(tx, pack, request.holdId, call, places.end(request.code)),
    ),
  };
}

function declaredOnWire({ declared: one }: Places): GetPlacesResponse['declared'] {
  switch (one.kind) {
    case 'count':
      return { $case: 'count', value: { places: one.places } };
    case 'appointments':
      return {
        $case: 'appointments',
        value: {
          slots: one.slots.map(({ start, places: size }) => ({
            start: new Date(start),
            places: size,
          })),
        },
      };
    case 'caseload':
      return {
        $case: 'caseload',
        value: { limit: one.limit, limitOfWorker: one.limitOfWorker ?? 0 },
      };
  }
}

function holdView(hold: PlacesHold): PlaceHold {
  const { holdId, status, terms } = hold;
  const awaited = status === 'confirmed' ? hold.awaited : undefined;
  const appointment = status === 'held' ? undefined : hold.appointment;
  return {
    holdId,
    status,
    places: terms.places,
    actBy: awaited && new Date(awaited.by),
    isReminded: awaited?.isReminder === true,
    appointment: appointment === undefined ? undefined : new Date(appointment),
    workerId: (status === 'started' && hold.workerId) || '',
  };
}
