import { afterAll, beforeAll, describe } from 'vitest';
import { bulkArrivalPoorNetwork } from './bulk-arrival-poor-network.ts';
import { startCountry, type TestCountry } from './country.ts';
import { deadlineSurvivesRestartAndHoliday } from './deadline-survives-restart-and-holiday.ts';
import { formalProcess } from './formal-process.ts';
import { intakeForm } from './intake-form.ts';
import { negativeDecisionSupportContinues } from './negative-decision-support-continues.ts';
import { packUpgradeWithRunningCases } from './pack-upgrade-with-running-cases.ts';
import { pausedForInformation } from './paused-for-information.ts';
import { screeningInSittings } from './screening-in-sittings.ts';

/** The same journeys under the law of one country: only data differs. Each country has its own spec file, so that they run in parallel. */
export function journeysIn(name: 'sample' | 'albion' | 'islets'): void {
  let country: TestCountry | undefined;
  beforeAll(async () => {
    country = await startCountry(name);
  });
  afterAll(() => country?.stop());
  const theCountry = (): TestCountry => {
    if (!country) throw new Error('the platform did not start');
    return country;
  };

  // This depends on no data of a country, so one country suffices.
  if (name === 'sample')
    describe('bulk-arrival-poor-network', () => bulkArrivalPoorNetwork(theCountry));
  if (name === 'albion') describe('intake-form', () => intakeForm(theCountry));
  describe('formal-process', () => formalProcess(theCountry));
  describe('paused-for-information', () => pausedForInformation(theCountry));
  describe('negative-decision-support-continues', () =>
    negativeDecisionSupportContinues(theCountry));
  // These kill the service, so they come last. The very last waits for no message, and so not for the twelve seconds of a Kafka session.
  if (name === 'sample') describe('screening-in-sittings', () => screeningInSittings(theCountry));
  describe('pack-upgrade-with-running-cases', () => packUpgradeWithRunningCases(theCountry));
  describe('deadline-survives-restart-and-holiday', () =>
    deadlineSurvivesRestartAndHoliday(theCountry));
}
