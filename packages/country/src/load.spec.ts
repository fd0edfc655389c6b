import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CountryPackError, loadCountryPack } from './load.ts';

const SAMPLE = 'infra/countries/sample';
const HOUR_MS = 3_600_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opennrm-pack-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => cp(SAMPLE, folder, { recursive: true, force: true }));

/** A file of the pack, typed so that a test can write mistakes. */
interface Content {
  readonly deadlines: object;
  readonly limits: object;
  readonly urgencies: { readonly urgent: object };
  readonly alerts: object[];
  readonly defaultAlert: object;
  readonly placesOfLastResort: unknown[];
  readonly retention: object;
  readonly calendars: { readonly authority: { readonly holidays: object } };
  readonly identification: {
    readonly calendar: string;
    readonly authorities: object[];
    readonly steps: object[];
    readonly recovery: object;
    readonly pauseGrounds: object[];
  };
  readonly rules?: { readonly adult: object[] };
}

async function change(file: string, edit: (content: Content) => void): Promise<void> {
  const content = JSON.parse(await readFile(join(SAMPLE, file), 'utf8')) as Content;
  edit(content);
  await writeFile(join(folder, file), JSON.stringify(content));
}

const loadFailure = async (): Promise<string> => {
  const error = await loadCountryPack(folder).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CountryPackError);
  return (error as Error).message;
};

describe('the sample country', () => {
  it('has its deadlines in milliseconds', async () => {
    const { urgencies, deadlines } = await loadCountryPack(SAMPLE);
    expect(urgencies.emergency).toMatchObject({
      openAtOnce: 2,
      softDeadlineMs: HOUR_MS,
      maxOpen: 6,
      closesAfterMs: 24 * HOUR_MS,
    });
    expect(urgencies.urgent).toMatchObject({
      openAtOnce: 1,
      softDeadlineMs: 3 * HOUR_MS,
      maxOpen: 4,
      closesAfterMs: 72 * HOUR_MS,
    });
    expect(urgencies.planned).toMatchObject({
      openAtOnce: 1,
      softDeadlineMs: 24 * HOUR_MS,
      maxOpen: 3,
      closesAfterMs: 240 * HOUR_MS,
    });
    expect(deadlines).toMatchObject({
      waitingForBasisMs: 120_000,
      holdingMs: 30_000,
      confirmingMs: 30_000,
      acknowledgeDutyMs: 1_800_000,
    });
  });

  it('has the deadlines, the limit and the codes of appointments and assignments', async () => {
    const pack = await loadCountryPack(SAMPLE);
    const { emergency, urgent, planned } = pack.urgencies;
    for (const [urgency, within] of [
      [emergency, 4 * HOUR_MS],
      [urgent, 24 * HOUR_MS],
      [planned, 120 * HOUR_MS],
    ] as const)
      expect(urgency).toMatchObject({ agreeAppointmentMs: within, assignWorkerMs: within });
    expect(pack.deadlines).toMatchObject({
      appointmentGraceMs: HOUR_MS,
      maxAppointmentLeadMs: 60 * 24 * HOUR_MS,
    });
    expect(pack.limits.missedAppointments).toBe(2);
    expect(pack.missedAppointmentCodes.map(({ code }) => code)).toContain('no-transport');
    expect(pack.endOfServiceCodes.map(({ code }) => code)).toContain('completed');
  });

  it('names a place of last resort for every group in every region', async () => {
    const { groups, regions, placesOfLastResort } = await loadCountryPack(SAMPLE);
    expect(placesOfLastResort).toHaveLength(groups.length * regions.length);
  });
});

describe('the other countries', () => {
  it.each(['albion', 'islets'])(
    '%s has its own process, and takes the rest from the sample country',
    async (name) => {
      const [pack, sample] = [
        await loadCountryPack(`infra/countries/${name}`),
        await loadCountryPack(SAMPLE),
      ];
      expect(pack.groups).toEqual(sample.groups);
      expect(pack.identification).not.toEqual(sample.identification);
      expect(pack.id).not.toBe(sample.id);
    },
  );
});

describe('a pack', () => {
  it('has an id that changes with its content, and only with it', async () => {
    const { id } = await loadCountryPack(SAMPLE);
    expect((await loadCountryPack(folder)).id).toBe(id);
    await change('country.json', (content) => Object.assign(content, { version: '2026.2' }));
    expect((await loadCountryPack(folder)).id).not.toBe(id);
  });

  it('is refused with all its problems at once', async () => {
    await change('country.json', (content) =>
      Object.assign(content, { timeZone: 'Europe/Nowhere' }),
    );
    await change('deadlines.json', (content) =>
      Object.assign(content.deadlines, { holding: 'soon' }),
    );
    const message = await loadFailure();
    expect(message).toContain('2 thing(s) to mend');
    expect(message).toContain('timeZone: must be a time zone of the IANA list');
    expect(message).toContain(
      'deadlines.holding: must be a duration like 30 s, 2 min, 24 h or 10 d',
    );
  });

  it('is refused when a place of last resort, a region, a basis or a role is missing', async () => {
    await change('places-of-last-resort.json', (content) => content.placesOfLastResort.pop());
    await change('codes.json', (content) => Object.assign(content, { emergencyBases: ['whim'] }));
    await change('deadlines.json', (content) =>
      Object.assign(content.alerts[0] ?? {}, { ownerRole: 'nobody' }),
    );
    const message = await loadFailure();
    expect(message).toContain('placesOfLastResort: names no place for own-room in islands');
    expect(message).toContain('emergencyBases: names an unknown basis');
    expect(message).toContain('alerts.0.ownerRole: names an unknown role');
  });

  it('is refused when a place of last resort is for an unknown group or region, or a second one for the same', async () => {
    await change('places-of-last-resort.json', ({ placesOfLastResort }) => {
      const [first] = placesOfLastResort as object[];
      placesOfLastResort.push(
        { ...first, group: 'wimen' },
        { ...first, region: 'harbor' },
        { ...first, place: 'another-house' },
      );
    });
    const message = await loadFailure();
    expect(message).toContain('3 thing(s) to mend');
    expect(message).toMatch(/placesOfLastResort\.\d+: names an unknown group/);
    expect(message).toMatch(/placesOfLastResort\.\d+: names an unknown region/);
    expect(message).toMatch(/placesOfLastResort\.\d+: names women in harbour again/);
  });

  it('is refused when an alert is owned by a role that may not act on a referral', async () => {
    await change('deadlines.json', (content) => {
      Object.assign(content.alerts[1] ?? {}, { ownerRole: 'accreditor' });
      Object.assign(content.defaultAlert, { ownerRole: 'nobody' });
    });
    const message = await loadFailure();
    expect(message).toContain('2 thing(s) to mend');
    expect(message).toContain('alerts.1.ownerRole: must be responder, caseworker, coordinator');
    expect(message).toContain('defaultAlert.ownerRole: names an unknown role');
  });

  it('is refused without a quota of emergencies, or with a quota of zero', async () => {
    await change('deadlines.json', (content) =>
      Object.assign(content, { emergencyQuota: { perPerson: 0 } }),
    );
    const message = await loadFailure();
    expect(message).toContain('2 thing(s) to mend');
    expect(message).toContain('emergencyQuota.perPerson: ');
    expect(message).toContain('emergencyQuota.perOrganisation: ');
  });

  it('is refused without the deadlines of appointments and assignments, and when no appointment may be missed', async () => {
    await change('deadlines.json', (content) => {
      Reflect.deleteProperty(content.urgencies.urgent, 'agreeAppointment');
      Reflect.deleteProperty(content.urgencies.urgent, 'assignWorker');
      Reflect.deleteProperty(content.deadlines, 'appointmentGrace');
      Object.assign(content.deadlines, { maxAppointmentLead: 'long' });
      Object.assign(content.limits, { missedAppointments: 0 });
    });
    const message = await loadFailure();
    expect(message).toContain('5 thing(s) to mend');
    for (const field of [
      'urgencies.urgent.agreeAppointment',
      'urgencies.urgent.assignWorker',
      'deadlines.appointmentGrace',
      'deadlines.maxAppointmentLead',
      'limits.missedAppointments',
    ])
      expect(message).toContain(`${field}: `);
  });

  it('is refused when more offers may be open at once than in all, or an offer closes before its soft deadline', async () => {
    await change('deadlines.json', (content) =>
      Object.assign(content.urgencies.urgent, { openAtOnce: 9, closesAfter: '1 h' }),
    );
    const message = await loadFailure();
    expect(message).toContain('opens more at once than may be open');
    expect(message).toContain('closes before its soft deadline');
  });

  it('is refused without a retention period for each class of data, and without the holidays of each of its years', async () => {
    await change('retention.json', (content) =>
      Reflect.deleteProperty(content.retention, 'screening'),
    );
    await change('calendars.json', (content) =>
      Reflect.deleteProperty(content.calendars.authority.holidays, '2027'),
    );
    await change('places-of-last-resort.json', (content) => content.placesOfLastResort.pop());
    const message = await loadFailure();
    expect(message).toContain('3 thing(s) to mend');
    expect(message).toContain('retention.screening');
    expect(message).toContain('calendars.authority.holidays: has no list for 2027');
    expect(message).toContain('placesOfLastResort: names no place for own-room in islands');
  });

  it('is refused when an authority has no power to identify, or a pause ground is named twice', async () => {
    await change('identification.json', ({ identification }) => {
      Object.assign(identification.authorities[0] ?? {}, { powers: ['enforcement'] });
      identification.pauseGrounds.push({ ...identification.pauseGrounds[0] });
    });
    const message = await loadFailure();
    expect(message).toContain('identification.authorities.0.powers: must name identification');
    expect(message).toContain('identification.pauseGrounds: names a code twice');
  });

  it('has an id that changes with its lists of indicators', async () => {
    const before = await loadCountryPack(folder);
    const file = join('indicators', 'ilo-2009.json');
    await change(file, ({ rules }) =>
      Object.assign(rules?.adult[0] ?? {}, { result: 'insufficient' }),
    );
    expect((await loadCountryPack(folder)).id).not.toBe(before.id);
    await change(file, ({ rules }) => Object.assign(rules?.adult[0] ?? {}, { all: ['weather'] }));
    expect(await loadFailure()).toContain(
      'indicators.ilo-2009.json.rules.adult.0: names an unknown dimension',
    );
  });

  it('is refused when a term is negative, or recovery is shorter than thirty days', async () => {
    await change('identification.json', ({ identification }) => {
      Object.assign(identification.steps[0] ?? {}, { term: '-3 days' });
      Object.assign(identification.recovery, { term: '29 days' });
    });
    const message = await loadFailure();
    expect(message).toContain('identification.steps.0.term: must be a positive term');
    expect(message).toContain('identification.recovery.term: must be 30 days at least');
  });

  it('is refused when its process names a step twice, a calendar or a role that it does not have', async () => {
    await change('identification.json', ({ identification }) => {
      Object.assign(identification, { calendar: 'nobody-s', referredBy: ['passer-by'] });
      identification.steps.push({ ...identification.steps[1] });
    });
    expect(await loadFailure()).toContain('identification.steps: names a step twice');
    await change('identification.json', ({ identification }) =>
      Object.assign(identification, { calendar: 'nobody-s', referredBy: ['passer-by'] }),
    );
    const message = await loadFailure();
    expect(message).toContain('identification.calendar: names an unknown calendar');
    expect(message).toContain('identification: names an unknown role');
  });

  it('is refused with the name of each file that is missing or is not JSON, and with the problems of the other files', async () => {
    await rm(join(folder, 'codes.json'));
    await writeFile(join(folder, 'deadlines.json'), '{');
    await change('retention.json', (content) =>
      Reflect.deleteProperty(content.retention, 'screening'),
    );
    const message = await loadFailure();
    expect(message).toMatch(
      /3 thing\(s\) to mend:\n {2}deadlines\.json: is not JSON\n {2}codes\.json: is missing\n/,
    );
    expect(message).toContain('retention.screening');
  });
});

it('a pack must name a known calendar for the holidays of services', async () => {
  await change('country.json', (content) => Object.assign(content, { serviceCalendar: 'nobody' }));
  expect(await loadFailure()).toContain('serviceCalendar: names an unknown calendar');
  expect((await loadCountryPack(SAMPLE)).serviceHolidays.has('2026-01-06')).toBe(true);
});
