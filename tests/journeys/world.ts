import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { type ServiceError, status } from '@grpc/grpc-js';
import { CaseRecordServiceClient } from '@opennrm/contracts/opennrm/case_vault/v1/case_record.ts';
import { ConsentServiceClient } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import { PersonServiceClient } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import { SafeguardServiceClient } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import { CaseVaultServiceClient } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { IdentificationIntakeServiceClient } from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { DirectoryServiceClient } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import type { OpenOffer } from '@opennrm/contracts/opennrm/referral/v1/offer.ts';
import { PlacesServiceClient } from '@opennrm/contracts/opennrm/referral/v1/places.ts';
import type { GetReferralResponse } from '@opennrm/contracts/opennrm/referral/v1/referral.ts';
import { ReferralServiceClient } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { ShelterCapacityServiceClient } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import { loadCountryPack } from '@opennrm/country/load';
import {
  deskHoldersOf,
  inRepository,
  type Platform,
  type PlatformOptions,
  type RunningService,
  startPlatform,
} from '@opennrm/infra/local';
import { call, connect } from '@opennrm/runtime';
import { minutes } from '@opennrm/runtime/decision';
import { expect, vi } from 'vitest';
import { startCollector } from './collector.ts';

/** The whole platform with a driven clock, and the people who use it. All journeys of a file share one; each has its own providers. */
export interface World {
  readonly platform: Platform;
  readonly referral: ReferralServiceClient;
  readonly directory: DirectoryServiceClient;
  readonly places: PlacesServiceClient;
  readonly shelters: ShelterCapacityServiceClient;
  readonly vault: CaseVaultServiceClient;
  readonly consents: ConsentServiceClient;
  readonly persons: PersonServiceClient;
  readonly safeguards: SafeguardServiceClient;
  readonly words: CaseRecordServiceClient;
  readonly intake: IdentificationIntakeServiceClient;
  readonly responders: Organisation;
  readonly coordinators: Organisation;
  /** The data protection officers of the country. */
  readonly officers: Organisation;
  readonly accreditors: Organisation;
  /** The organisation that runs the platform. */
  readonly operators: Organisation;
  organisation(id?: string): Organisation;
  /** The traces of all services so far. */
  traces(): string;
  /** Moves business time forward. */
  advanceTime(milliseconds: number): Promise<void>;
  now(): number;
  /** Runs when the journey ends, so that it cannot influence the next one. */
  onJourneyEnd(work: () => Promise<unknown>): void;
  cleanUp(): Promise<void>;
  stop(): Promise<void>;
}

/** An organisation with one person for each role. */
export interface Organisation {
  readonly id: string;
  personOf(role: string): string;
  as(role: string, person?: string): Promise<{ readonly token: string }>;
}

const addressesOf = ({ replicas }: RunningService): string =>
  replicas.map((one) => one.grpcAddress).join(',');

const MONDAY_TEN = Date.UTC(2026, 0, 5, 9);

/** Journey files run in parallel: each platform logs into a folder named after its file. */
const logsOfThisFile = (): string =>
  inRepository(`.opennrm/logs/${basename(expect.getState().testPath ?? 'unnamed', '.spec.ts')}`);

interface WorldOptions
  extends Partial<Pick<PlatformOptions, 'brokers' | 'replicas' | 'countryPack' | 'environment'>> {
  /** Speed of business time. Below 1 where a process is killed, so that deadlines of seconds do not pass during a rebalance on a busy machine. */
  readonly rate?: number;
}

export async function startWorld({ rate = 1, ...options }: WorldOptions = {}): Promise<World> {
  const countryPack = options.countryPack ?? inRepository('infra/countries/sample');
  const bodies = deskHoldersOf(await loadCountryPack(countryPack));
  const collector = await startCollector();
  const platform = await startPlatform({
    only: 'embedded',
    durable: true,
    ...options,
    environment: (service, databaseUrl) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      ...options.environment?.(service, databaseUrl),
    }),
    countryPack,
    logDirectory: logsOfThisFile(),
    clock: { business: MONDAY_TEN, rate },
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
  const { service, issuer, clock } = platform;
  if (!clock) throw new Error('the journeys need a driven clock');
  const organisation = (id: string = randomUUID()): Organisation => {
    const people = new Map<string, string>();
    const personOf = (role: string): string => {
      const person = people.get(role) ?? randomUUID();
      people.set(role, person);
      return person;
    };
    return {
      id,
      personOf,
      as: async (role, person = personOf(role)) => ({
        token: await issuer.token({ person, organisation: id, role }),
      }),
    };
  };
  const vaults = addressesOf(service('case-vault'));
  const clients = {
    referral: connect(ReferralServiceClient, addressesOf(service('referral'))),
    directory: connect(DirectoryServiceClient, addressesOf(service('referral'))),
    places: connect(PlacesServiceClient, addressesOf(service('referral'))),
    shelters: connect(ShelterCapacityServiceClient, addressesOf(service('shelter-capacity'))),
    vault: connect(CaseVaultServiceClient, vaults),
    consents: connect(ConsentServiceClient, vaults),
    persons: connect(PersonServiceClient, vaults),
    safeguards: connect(SafeguardServiceClient, vaults),
    words: connect(CaseRecordServiceClient, vaults),
    intake: connect(
      IdentificationIntakeServiceClient,
      addressesOf(service('identification-intake')),
    ),
  };
  const onJourneyEnd: (() => Promise<unknown>)[] = [];
  return {
    onJourneyEnd: (work) => void onJourneyEnd.push(work),
    cleanUp: () => runCleanUps(onJourneyEnd),
    platform,
    organisation,
    ...clients,
    responders: organisation(),
    coordinators: organisation(bodies.coordinator),
    officers: organisation(bodies['data-protection-officer']),
    accreditors: organisation(bodies.accreditor),
    operators: organisation(),
    traces: () => collector.said(),
    advanceTime: (milliseconds) => clock.advance(milliseconds),
    now: () => clock.now(),
    async stop() {
      for (const client of Object.values(clients)) client.close();
      await platform.stop();
      await collector.stop();
    },
  };
}

const CLEAN_UPS = 6;

/**
 * Runs a few at a time, and again where the platform refuses with RESOURCE_EXHAUSTED: a remaining referral could take the bed of the next
 * journey. Other refusals are ignored: what has ended already cannot be ended.
 */
async function runCleanUps(onJourneyEnd: (() => Promise<unknown>)[]): Promise<void> {
  const tidier = async (): Promise<void> => {
    for (let work = onJourneyEnd.pop(); work; work = onJourneyEnd.pop()) await untilAccepted(work);
  };
  await Promise.all(Array.from({ length: CLEAN_UPS }, tidier));
}

const untilAccepted = (work: () => Promise<unknown>): Promise<unknown> =>
  eventually(() =>
    work().catch((error: ServiceError) => {
      if (error.code === status.RESOURCE_EXHAUSTED) throw error;
    }),
  );

const WAIT = { timeout: 40_000, interval: 40 };

/** Waits for a condition. Throws the last failure when the time is over. */
export const eventually = <T>(poll: () => Promise<T> | T, timeout = WAIT.timeout): Promise<T> =>
  vi.waitFor(poll, { ...WAIT, timeout });

export async function readReferral(world: World, referralId: string): Promise<GetReferralResponse> {
  return call(
    world.referral,
    'getReferral',
    { referralId },
    await world.coordinators.as('coordinator'),
  );
}

/** Waits until a referral is in a state. */
export const untilState = (
  world: World,
  referralId: string,
  state: string,
): Promise<GetReferralResponse> =>
  eventually(async () => {
    const referral = await readReferral(world, referralId);
    if (referral.state !== state)
      throw new Error(`the referral is ${referral.state}, not ${state}`);
    return referral;
  });

/** Waits until a provider sees an open offer of a referral. */
export async function untilOffered(world: World, shelter: Organisation): Promise<OpenOffer> {
  const staff = await shelter.as('provider-staff');
  return eventually(async () => {
    const { offers } = await call(
      world.referral,
      'listOpenOffers',
      { pageSize: 50, pageToken: '' },
      staff,
    );
    const [offer] = offers;
    if (!offer) throw new Error('no open offer');
    return offer;
  });
}

/**
 * Waits until a referral is offered. It may have searched while the bed was being released, and found nothing; then it searches again after a minute.
 * Business time moves only while the referral is unplaced: otherwise the deadline of a requested hold would pass.
 */
export const untilOfferedAgain = (world: World, referralId: string): Promise<void> =>
  eventually(async () => {
    const { state } = await readReferral(world, referralId);
    if (state === 'unplaced') await world.advanceTime(minutes(1));
    if (state !== 'offered') throw new Error(`the referral is ${state}, not offered`);
  });

/** The events of a referral, the oldest first. */
export const eventsOf = (referral: GetReferralResponse): string[] =>
  referral.timeline.map((entry) => entry.event).toReversed();
