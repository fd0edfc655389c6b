import type { Instant } from '@opennrm/runtime/decision';
import { importDirectory, readHsds } from '../directory/import.ts';
import { Caseworkers } from './actors/caseworkers.ts';
import { Coordinator } from './actors/coordinator.ts';
import type { Request } from './actors/request.ts';
import { planRequests } from './actors/requesters.ts';
import { staffShelters } from './actors/shelters.ts';
import { chance } from './chance.ts';
import { ACCREDITORS, COORDINATORS, samplePack } from './pack.ts';
import { drawCaseload, type Profile } from './people.ts';
import type { Simulation } from './simulation.ts';

export interface CaseloadOptions {
  readonly people: number;
  readonly seed: number;
  readonly profile: Profile;
  /** Over how many simulated days they come. */
  readonly days: number;
  readonly regions: readonly string[];
  /** At any hour alike, instead of mostly in office hours. */
  readonly evenly?: boolean;
}

/** Synthetic people on their way through the platform, and those who help them. */
export interface Caseload {
  readonly requests: readonly Request[];
  readonly coordinators: string;
  /** Caseworkers and the coordinator look at what waits for them. */
  check(): Promise<unknown>;
  close(): void;
}

/** Loads the sample country and puts everybody on the agenda of the desk, from now on. */
export async function beginCaseload(
  simulation: Simulation,
  options: CaseloadOptions,
  printLine: (line: string) => void,
): Promise<Caseload> {
  const coordinators = COORDINATORS;
  const providers = await loadCountry(simulation, printLine);
  const start: Instant = simulation.now();
  const needs = drawCaseload({ ...options, start });
  const draw = chance(options.seed, 'responders');
  const responders = Array.from({ length: 8 }, () => draw.uuid());
  const requests = planRequests(simulation, needs, responders);
  const shelters = staffShelters(simulation, providers, coordinators);
  const [caseworkers, coordinator] = [
    new Caseworkers(simulation, requests, coordinators),
    new Coordinator(simulation, requests, coordinators),
  ];
  return {
    requests,
    coordinators,
    check: () => Promise.all([caseworkers.check(), coordinator.check()]),
    close: () => shelters.close(),
  };
}

/** The sample country: 75 organisations, each registered by itself and vetted by somebody else. */
async function loadCountry(
  { platform, token }: Simulation,
  printLine: (line: string) => void,
): Promise<string[]> {
  const organizations = await readHsds(`${samplePack}/directory.hsds.json`);
  const loaded = await importDirectory(organizations, {
    referralAddress: platform.service('referral').grpcAddress,
    shelterAddress: platform.service('shelter-capacity').grpcAddress,
    token: (organisation, role) => token(organisation, role),
    accredit: { organisation: ACCREDITORS, until: '2027-12-31' },
    progress: printLine,
  });
  printLine(
    `${organizations.length} organisations with ${loaded.services} services and ${loaded.sites} sites are in the directory.`,
  );
  return organizations.map((one) => one.id);
}
