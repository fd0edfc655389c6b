import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { type ConsentEvent, evolveConsent, isConsentEvent } from './permission/evolve.ts';
import { unknownPerson } from './person/person.ts';

const nothingYet = {
  references: [],
  permissions: [],
  denials: [],
  withdrawals: [],
  bases: [],
  apart: [],
  sections: {},
  safetyNotes: [],
  contact: [],
  openings: [],
  deadlines: [],
  alerts: [],
  person: unknownPerson,
};

export function evolve(before: CaseFile | undefined, event: CaseFileEvent): CaseFile {
  if (event.type === 'CaseOpened') {
    const { caseId, ownerOrg, need } = event;
    return { caseId, ownerOrg, need, ...nothingYet };
  }
  if (!before) throw new Error(`${event.type} before CaseOpened`);
  return isConsentEvent(event) ? evolveConsent(before, event) : evolveRest(before, event);
}

type Rest = Exclude<CaseFileEvent, ConsentEvent | { readonly type: 'CaseOpened' }>;

function evolveRest(before: CaseFile, event: Rest): CaseFile {
  switch (event.type) {
    case 'ReferenceRegistered':
      return {
        ...before,
        references: [...before.references, { service: event.service, reference: event.reference }],
      };
    case 'KeepApartProposed':
    case 'KeepApartSet':
      return {
        ...before,
        apart: [...before.apart.filter((pair) => pair.apartId !== event.pair.apartId), event.pair],
      };
    case 'AgeRecorded':
      return { ...before, person: { ...before.person, age: event.age, ageRecordedAt: event.at } };
    case 'CameOfAge':
      return { ...before, person: { ...before.person, age: 'adult', ageRecordedAt: event.at } };
    case 'DecisionMakerChanged':
      return { ...before, person: { ...before.person, decisionMakerChangedAt: event.at } };
    case 'GuardianAppointed':
      return {
        ...before,
        person: { ...before.person, guardians: [...before.person.guardians, event.guardian] },
      };
    case 'GuardianshipChanged':
      return changeGuardian(before, event.guardianId, { until: event.until });
    case 'GuardianSuspected':
      return changeGuardian(before, event.guardianId, { suspectedAt: event.at });
    case 'SuspicionLifted':
      return changeGuardian(before, event.guardianId, { suspectedAt: undefined });
    case 'CapacityRecorded': {
      const others = before.person.capacities.filter(
        (one) => one.decision !== event.capacity.decision,
      );
      return { ...before, person: { ...before.person, capacities: [...others, event.capacity] } };
    }
    case 'SafeContactSet':
      return { ...before, contact: event.rules };
    case 'SectionWritten': {
      const { section, version, writtenBy } = event;
      const disagreements = before.sections[section]?.disagreements ?? [];
      return {
        ...before,
        sections: { ...before.sections, [section]: { version, writtenBy, disagreements } },
      };
    }
    case 'DisagreementRecorded': {
      const { section, version, noteId } = event;
      return changeDisagreements(before, section, (all) => [...all, { version, noteId }]);
    }
    case 'DisagreementRetracted':
      return changeDisagreements(before, event.section, (all) =>
        all.filter(({ noteId }) => noteId !== event.noteId),
      );
    case 'NoteWritten':
      return event.safety === undefined
        ? before
        : {
            ...before,
            safetyNotes: [...before.safetyNotes, { noteId: event.noteId, kind: event.safety }],
          };
    case 'SafetyNoteEnded':
      return {
        ...before,
        safetyNotes: before.safetyNotes.filter(({ noteId }) => noteId !== event.noteId),
      };
    case 'OpeningRequested':
      return { ...before, openings: [...before.openings, event.opening] };
    case 'FileOpened':
      return changeOpening(before, event.openingId, {
        confirmedBy: event.confirmedBy,
        until: event.until,
      });
    case 'OpeningReviewed':
      return changeOpening(before, event.openingId, {
        review: { by: event.by, justified: event.justified },
      });
    case 'DeadlineSet':
      return {
        ...before,
        deadlines: [...without(before.deadlines, event.deadline), event.deadline],
      };
    case 'DeadlineMet':
      return {
        ...before,
        deadlines: without(before.deadlines, event),
        alerts: without(before.alerts, event),
      };
    case 'AlertRaised':
      return { ...before, alerts: [...without(before.alerts, event.alert), event.alert] };
    case 'AlertAcknowledged':
      return {
        ...before,
        alerts: before.alerts.map((one) =>
          isAbout(one, event) ? { ...one, acknowledgedBy: event.by } : one,
        ),
      };
    case 'AlertResolved':
      return { ...before, alerts: without(before.alerts, event) };
    case 'ComingOfAgeWarned':
    case 'OpeningClosed':
    case 'AttachmentUploaded':
    case 'AttachmentRead':
    case 'AttachmentsListed':
    case 'SafetyNotesListed':
    case 'SectionRead':
    case 'NoteRead':
      return before;
  }
}

interface About {
  readonly code: string;
  readonly about: string;
}

const isAbout = (one: About, other: About): boolean =>
  one.code === other.code && one.about === other.about;
const without = <One extends About>(list: readonly One[], gone: About): One[] =>
  list.filter((one) => !isAbout(one, gone));

type Disagreements = CaseFile['sections'][string]['disagreements'];

const changeDisagreements = (
  file: CaseFile,
  section: string,
  change: (before: Disagreements) => Disagreements,
): CaseFile => {
  const sections = Object.entries(file.sections).map(([name, one]) =>
    name === section ? [name, { ...one, disagreements: change(one.disagreements) }] : [name, one],
  );
  return { ...file, sections: Object.fromEntries(sections) };
};

const changeOpening = (
  file: CaseFile,
  openingId: string,
  change: Partial<CaseFile['openings'][number]>,
): CaseFile => ({
  ...file,
  openings: file.openings.map((one) => (one.openingId === openingId ? { ...one, ...change } : one)),
});

type Guardian = CaseFile['person']['guardians'][number];

const changeGuardian = (
  file: CaseFile,
  guardianId: string,
  change: Partial<Guardian>,
): CaseFile => {
  const guardians = file.person.guardians.map((one) =>
    one.guardianId === guardianId ? { ...one, ...change } : one,
  );
  return { ...file, person: { ...file.person, guardians } };
};
