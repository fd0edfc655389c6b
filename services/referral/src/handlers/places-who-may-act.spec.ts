import { randomUUID } from 'node:crypto';
import { PlacesServiceService } from '@opennrm/contracts/opennrm/referral/v1/places.ts';
import { desksOf } from '@opennrm/country';
import { after, hours, minutes } from '@opennrm/runtime/decision';
import { type RowsOf, specifyWhoMayAct } from '@opennrm/testkit';
import { monday, pack } from '../domain/saga.fixture.ts';
import { placesRpcs } from '../inbound/grpc/places.ts';
import { directoryWorld } from './directory-world.fixture.ts';

interface Ids extends Readonly<Record<string, string>> {
  readonly serviceId: string;
  readonly holdId: string;
}

const start = after(monday, hours(5));
const page = { pageSize: 0, pageToken: '' };
const codeOf = (list: readonly { readonly code: string }[]): string => list[0]?.code ?? '';

const rows: RowsOf<typeof PlacesServiceService, Ids> = {
  declarePlaces: {
    request: ({ serviceId }) => ({
      serviceId,
      declared: {
        $case: 'appointments',
        value: { slots: [{ start: new Date(start), places: 2 }] },
      },
    }),
    expects: 'hidden',
  },
  getPlaces: { request: ({ serviceId }) => ({ serviceId, ...page }), expects: 'hidden' },
  agreeAppointment: {
    request: ({ holdId }) => ({ holdId, at: new Date(start) }),
    expects: 'hidden',
  },
  recordMissed: {
    request: ({ holdId }) => ({ holdId, code: codeOf(pack.missedAppointmentCodes) }),
    expects: 'hidden',
  },
  recordKept: { request: ({ holdId }) => ({ holdId }), expects: 'hidden' },
  assignWorker: {
    request: ({ holdId }) => ({ holdId, workerId: randomUUID() }),
    expects: 'hidden',
  },
  endService: {
    request: ({ holdId }) => ({ holdId, code: codeOf(pack.endOfServiceCodes) }),
    expects: 'hidden',
  },
};

specifyWhoMayAct<Ids>({
  roles: pack.roles,
  rows,
  openToIdHolders: {},
  async prepare() {
    const world = await directoryWorld();
    const book = { kind: 'appointments', slots: [{ start, places: 1 }] } as const;
    const [theirs] = await world.setServices(1, 'medical-care', book);
    const [doctor] = await world.setServices(1, 'medical-care', book);
    const asked = await world.requestEmergency(monday, 1, { needCode: 'medical-care' });
    const { holdId } = await world.agree(asked);
    const { database, contents, drop } = world;
    return {
      database,
      contents,
      drop,
      now: after(monday, minutes(1)),
      desks: desksOf(pack),
      owner: doctor?.organisationId ?? '',
      neighbour: theirs?.organisationId ?? '',
      definitions: [PlacesServiceService],
      join: (server) => server.add(PlacesServiceService, placesRpcs(pack)),
      ids: { serviceId: doctor?.serviceId ?? '', holdId },
    };
  },
});
