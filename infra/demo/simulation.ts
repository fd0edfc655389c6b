import { randomUUID } from 'node:crypto';
import { type Client, Metadata } from '@grpc/grpc-js';
import { ConsentServiceClient } from '@opennrm/contracts/opennrm/case_vault/v1/consent.ts';
import { PersonServiceClient } from '@opennrm/contracts/opennrm/case_vault/v1/person.ts';
import { CaseVaultServiceClient } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { IdentificationServiceClient } from '@opennrm/contracts/opennrm/identification_intake/v1/identification.ts';
import { IdentificationIntakeServiceClient } from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { ReferralServiceClient } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { ShelterCapacityServiceClient } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import type { Platform, RunningService } from '@opennrm/infra/local';
import { connect, refusalOf } from '@opennrm/runtime';
import { after, type Instant } from '@opennrm/runtime/decision';
import { Agenda } from './agenda.ts';

/** Everything that the synthetic people use: the public calls, their tokens, the clock, what they have planned. */
export interface Simulation {
  readonly seed: number;
  readonly platform: Platform;
  readonly clients: Clients;
  readonly agenda: Agenda;
  now(): Instant;
  schedule(milliseconds: number, name: string, work: () => Promise<unknown>): void;
  token(organisation: string, role: string, person?: string): Promise<string>;
  /** Refusals by name: people who come too late are told so. */
  readonly refusals: Map<string, number>;
  /** Referrals that somebody was told are taken. */
  readonly accepted: Set<string>;
  /** Permissions that were taken back, and the procedures that were begun. */
  readonly withdrawnPermissions: WithdrawnPermission[];
  readonly procedures: string[];
  /** What should not happen; the demo fails for it at the end. */
  readonly failures: string[];
  close(): void;
}

export interface WithdrawnPermission {
  readonly caseId: string;
  readonly permissionId: string;
  readonly organisation: string;
  readonly role: string;
}

interface Clients {
  readonly referral: ReferralServiceClient;
  readonly shelters: ShelterCapacityServiceClient;
  readonly vault: CaseVaultServiceClient;
  readonly consents: ConsentServiceClient;
  readonly persons: PersonServiceClient;
  readonly intake: IdentificationIntakeServiceClient;
  readonly identification: IdentificationServiceClient;
}

const AT_ONCE = 48;

/** Where every process of a service answers. */
const addressesOf = ({ replicas }: RunningService): string =>
  replicas.map((one) => one.grpcAddress).join(',');

export function openSimulation(platform: Platform, seed: number): Simulation {
  const { issuer, clock } = platform;
  if (!clock) throw new Error('the demo needs a driven clock');
  const [vaults, intakes] = [
    addressesOf(platform.service('case-vault')),
    addressesOf(platform.service('identification-intake')),
  ];
  const clients: Clients = {
    referral: connect(ReferralServiceClient, addressesOf(platform.service('referral'))),
    shelters: connect(
      ShelterCapacityServiceClient,
      addressesOf(platform.service('shelter-capacity')),
    ),
    vault: connect(CaseVaultServiceClient, vaults),
    consents: connect(ConsentServiceClient, vaults),
    persons: connect(PersonServiceClient, vaults),
    intake: connect(IdentificationIntakeServiceClient, intakes),
    identification: connect(IdentificationServiceClient, intakes),
  };
  const tokens = new Map<string, Promise<string>>();
  const agenda = new Agenda(AT_ONCE);
  const refusals = new Map<string, number>();
  const failures: string[] = [];
  const schedule = (milliseconds: number, name: string, work: () => Promise<unknown>): void =>
    agenda.add(after(clock.now(), milliseconds), async () => {
      const silent = await attempt(name, work, refusals);
      if (silent !== undefined) failures.push(`${name}: ${silent}`);
    });
  return {
    seed,
    platform,
    clients,
    agenda,
    refusals,
    failures,
    accepted: new Set(),
    withdrawnPermissions: [],
    procedures: [],
    now: () => clock.now(),
    schedule,
    token(organisation, role, person = personOf(organisation, role)) {
      const key = `${organisation} ${role} ${person}`;
      const known = tokens.get(key) ?? issuer.token({ organisation, role, person });
      tokens.set(key, known);
      return known;
    },
    close: () => {
      for (const client of Object.values(clients) as Client[]) client.close();
    },
  };
}

const people = new Map<string, string>();

/** One synthetic person for each role of an organisation. */
export function personOf(organisation: string, role: string): string {
  const key = `${organisation} ${role}`;
  const person = people.get(key) ?? randomUUID();
  people.set(key, person);
  return person;
}

/** A refusal is part of life; anything else is a fault of the platform or of this demo. @returns what went wrong, if it did. */
async function attempt(
  name: string,
  work: () => Promise<unknown>,
  refusals: Map<string, number>,
): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) return (error as Error).message;
    refusals.set(`${name}: ${refusal}`, (refusals.get(`${name}: ${refusal}`) ?? 0) + 1);
    return undefined;
  }
}

export async function metadataFor(
  simulation: Simulation,
  organisation: string,
  role: string,
): Promise<Metadata> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${await simulation.token(organisation, role)}`);
  return metadata;
}
