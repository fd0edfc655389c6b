import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile, Permission } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

/** The state after an event. */
export function evolve(before: CaseFile | undefined, event: CaseFileEvent): CaseFile {
  if (event.type === 'CaseOpened') {
    const { caseId, ownerOrg, need } = event;
    return { caseId, ownerOrg, need, references: [], permissions: [], bases: [], apart: [], sections: {} };
  }
  if (!before) throw new Error(`${event.type} before CaseOpened`);
  switch (event.type) {
    case 'ReferenceRegistered':
      return { ...before, references: [...before.references, { service: event.service, reference: event.reference }] };
    case 'PermissionGranted':
      return { ...before, permissions: [...before.permissions, { ...event.permission, withdrawnAt: undefined }] };
    case 'PermissionWithdrawn':
      return { ...before, permissions: before.permissions.map((one) => withdrawn(one, event)) };
    case 'BasisRecorded':
      return { ...before, bases: [...before.bases, event.basis] };
    case 'KeepApartProposed':
    case 'KeepApartSet':
      return { ...before, apart: [...before.apart.filter((pair) => pair.apartId !== event.pair.apartId), event.pair] };
    case 'SectionWritten': {
      const { section, version, writtenBy } = event;
      return { ...before, sections: { ...before.sections, [section]: { version, writtenBy } } };
    }
    case 'NoteWritten':
    case 'SectionRead':
    case 'NoteRead':
      return before;
  }
}

const withdrawn = (
  permission: Permission,
  event: { readonly permissionId: string; readonly at: Instant },
): Permission =>
  permission.permissionId === event.permissionId ? { ...permission, withdrawnAt: event.at } : permission;
