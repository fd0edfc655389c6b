import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { caseOpened, fileAfter, noon, owner } from './case.fixture.ts';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import {
  disagreementsWith,
  findDisputedSection,
  recordDisagreement,
  retractDisagreement,
  writeSection,
} from './writing.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const writes = (section: string, writtenBy: string, corrects?: string) => (file: CaseFile) =>
  writeSection(file, { section, writtenBy, corrects }, noon);

describe('writing a section', () => {
  it('makes a new version each time, and records who wrote it', () => {
    given(caseOpened)
      .when(writes('health', owner))
      .then({ type: 'SectionWritten', section: 'health', version: 1, writtenBy: owner });
    given(caseOpened, {
      type: 'SectionWritten',
      section: 'health',
      version: 1,
      writtenBy: owner,
      at: noon,
    })
      .when(writes('health', 'another'))
      .then({ type: 'SectionWritten', version: 2, writtenBy: 'another' });
  });

  it('counts the versions of each section separately', () =>
    given(caseOpened, {
      type: 'SectionWritten',
      section: 'health',
      version: 4,
      writtenBy: owner,
      at: noon,
    })
      .when(writes('legal', owner))
      .then({ type: 'SectionWritten', section: 'legal', version: 1 }));
});

describe('a correction', () => {
  it('is a new version with its reason', () =>
    given(caseOpened)
      .when(writes('health', owner))
      .and(writes('health', owner, 'wrong'))
      .then({ type: 'SectionWritten', version: 2, corrects: 'wrong' }));

  it('is refused when the section has no version yet', () =>
    given(caseOpened)
      .when(writes('health', owner, 'wrong'))
      .refused('nothing-to-correct', 'corrects'));
});

describe('a disagreement of the person', () => {
  const disagrees =
    (version: number, noteId = 'n1', section = 'health') =>
    (file: CaseFile) =>
      recordDisagreement(file, { section, version, noteId });

  it('stays recorded when its entry is corrected', () =>
    given(caseOpened)
      .when(writes('health', owner))
      .and(disagrees(1))
      .and(writes('health', owner, 'person-corrected'))
      .and(disagrees(1))
      .refused('already-recorded', 'note_id'));

  it('belongs to every later version until it is retracted, and other disagreements stay', () => {
    const wrote = (version: number): CaseFileEvent => ({
      type: 'SectionWritten',
      section: 'health',
      version,
      writtenBy: owner,
      at: noon,
    });
    const disagreed = (version: number, noteId: string): CaseFileEvent => ({
      type: 'DisagreementRecorded',
      section: 'health',
      version,
      noteId,
    });
    const events = [wrote(1), disagreed(1, 'n1'), wrote(2), disagreed(2, 'n2'), wrote(3)];
    const against = (version: number, ...more: CaseFileEvent[]) => {
      const history = fileAfter(...events, ...more).sections.health;
      return history && disagreementsWith(history, version);
    };
    expect([1, 2, 3].map((version) => against(version))).toEqual([
      ['n1'],
      ['n1', 'n2'],
      ['n1', 'n2'],
    ]);
    const retracts: CaseFileEvent = {
      type: 'DisagreementRetracted',
      section: 'health',
      noteId: 'n1',
    };
    expect(against(3, retracts)).toEqual(['n2']);
    expect(
      ['n1', 'n2', 'n3'].map((note) => findDisputedSection(fileAfter(...events), note)),
    ).toEqual(['health', 'health', undefined]);
  });

  it('belongs to its own section only', () => {
    const file = given(caseOpened)
      .when(writes('health', owner))
      .and(writes('legal', owner))
      .and(disagrees(1))
      .state();
    expect(file.sections.health?.disagreements).toEqual([{ version: 1, noteId: 'n1' }]);
    expect(file.sections.legal?.disagreements).toEqual([]);
  });

  it('can be retracted once, and only when it is recorded', () => {
    const retracts = (file: CaseFile) =>
      retractDisagreement(file, { section: 'health', noteId: 'n1' });
    given(caseOpened)
      .when(writes('health', owner))
      .and(disagrees(1))
      .and(retracts)
      .then({ type: 'DisagreementRetracted' });
    given(caseOpened)
      .when(writes('health', owner))
      .and(disagrees(1))
      .and(retracts)
      .and(retracts)
      .refused('not-found', 'note_id');
    const other = given(caseOpened).when(writes('health', owner)).and(disagrees(1, 'n2'));
    other.and(retracts).refused('not-found', 'note_id');
    given(caseOpened).when(retracts).refused('not-found', 'note_id');
  });

  it('is refused for a version or a section that does not exist', () => {
    for (const version of [0, 2])
      given(caseOpened)
        .when(writes('health', owner))
        .and(disagrees(version))
        .refused('no-such-version', 'version');
    given(caseOpened).when(disagrees(1)).refused('no-such-version', 'version');
  });

  it('is refused when the section has fifty disagreements', () => {
    const fifty = Array.from(
      { length: 50 },
      (_, n): CaseFileEvent => ({
        type: 'DisagreementRecorded',
        section: 'health',
        version: 1,
        noteId: `x${n}`,
      }),
    );
    const wrote: CaseFileEvent = {
      type: 'SectionWritten',
      section: 'health',
      version: 1,
      writtenBy: owner,
      at: noon,
    };
    given(caseOpened, wrote, ...fifty)
      .when(disagrees(1))
      .refused('too-many-disagreements', 'section');
  });
});
