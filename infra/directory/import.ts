import { readFile } from 'node:fs/promises';
import { DirectoryServiceClient } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import { ShelterCapacityServiceClient } from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import { connect } from '@opennrm/runtime';
import { z } from 'zod';
import { type HsdsOrganization, hsdsExport } from './hsds.ts';
import { importOne } from './import-one.ts';
import type { Proposal } from './proposals.ts';
import { split } from './split.ts';

export interface ImportTarget {
  readonly referralAddress: string;
  readonly shelterAddress: string;
  /** A token for a person of an organisation in a role. */
  token(organisation: string, role: string): Promise<string>;
  /** The accreditation desk, for which the import accredits each service; undefined leaves the accreditation to the desk. */
  readonly accredit?: { readonly organisation: string; readonly until: string };
  readonly progress: (line: string) => void;
}

/** Reads an HSDS 3.1 export. @throws Error that lists every wrong record with its rule. */
export async function readHsds(path: string): Promise<HsdsOrganization[]> {
  const read = hsdsExport.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!read.success)
    throw new Error(
      `${path} is not an HSDS 3.1 export that can be imported:\n${z.prettifyError(read.error)}`,
    );
  return read.data.organizations;
}

const AT_ONCE = 8;

/** The numbers of services and sites in the file, and the differences that were not imported. */
export interface ImportResult {
  readonly services: number;
  readonly sites: number;
  /** In no order; `proposalSentences` orders them, the newest first. */
  readonly proposals: readonly Proposal[];
}

/**
 * Imports a directory by the public calls. Existing data is never changed: entries, counts that staff declared, suspensions, ended
 * accreditations. So a file never undoes a decision of a person. An import that stopped is completed by the next one.
 */
export async function importDirectory(
  organizations: readonly HsdsOrganization[],
  target: ImportTarget,
): Promise<ImportResult> {
  const directory = connect(DirectoryServiceClient, target.referralAddress);
  const shelters = connect(ShelterCapacityServiceClient, target.shelterAddress);
  const files = organizations.map(split);
  const waiting = [...files];
  const proposals: Proposal[] = [];
  let imported = 0;
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const token = await target.token(file.organisation.organisationId, 'provider-staff');
      const accredit = target.accredit && {
        token: await target.token(target.accredit.organisation, 'accreditor'),
        until: target.accredit.until,
      };
      proposals.push(...(await importOne({ file, directory, shelters, token, accredit })));
      if (++imported % 20 === 0)
        target.progress(`Directory: ${imported} of ${files.length} organisations …`);
    }
  };
  const stopOthers = (error: unknown): never => {
    waiting.length = 0;
    throw error;
  };
  try {
    const workers = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, () => worker().catch(stopOthers)),
    );
    const failed = workers.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  } finally {
    directory.close();
    shelters.close();
  }
  return {
    services: files.flatMap((file) => file.services).length,
    sites: files.flatMap((file) => file.sites).length,
    proposals,
  };
}
