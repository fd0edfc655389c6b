import type { CountryPack } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { timePasses } from '../domain/time-passes.ts';
import { caseFiles } from '../outbound/case-files.ts';

/** Handles the due deadlines of a case file. */
export const onTimePasses =
  (pack: CountryPack) =>
  async (tx: Transaction, caseId: string, now: Instant): Promise<void> => {
    const context = { at: now, author: systemAuthor, ruleVersion: pack.id, rules: pack.consent };
    await caseFiles.change(tx, caseId, context, (file) => timePasses(file, pack.consent, now));
  };
