import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { CaseFile, CaseId, OrganisationId, Reference } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

/** Services that have their own references of cases. */
export const servicesWithReferences = ['referral', 'identification-intake'] as const;

export interface NewCase {
  readonly caseId: CaseId;
  readonly ownerOrg: OrganisationId;
  readonly need: string;
  readonly references: readonly Reference[];
  readonly at: Instant;
}

/** A file begins with a need, never with a story. Each named service gets its own reference. */
export function openCase({
  references,
  ...opening
}: NewCase): Decision<CaseFileEvent, 'service-twice'> {
  const services = references.map(({ service }) => service);
  if (new Set(services).size < services.length) return refuse('service-twice', 'services');
  const registered = references.map(
    (one): CaseFileEvent => ({ type: 'ReferenceRegistered', ...one }),
  );
  return accept<CaseFileEvent>({ type: 'CaseOpened', ...opening }, ...registered);
}

const REFERENCES_AT_MOST = 50;

/** Registers a reference that a caller minted in an emergency, before the case was known. */
export function registerReference(
  file: CaseFile,
  asked: Reference,
): Decision<CaseFileEvent, 'too-many-references'> {
  const known = file.references.some(
    ({ service, reference }) => service === asked.service && reference === asked.reference,
  );
  if (known) return ignore('already-registered');
  if (file.references.length >= REFERENCES_AT_MOST)
    return refuse('too-many-references', 'reference');
  return accept<CaseFileEvent>({ type: 'ReferenceRegistered', ...asked });
}
