import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { fileAfter, noon, opened, owner } from './case.fixture.ts';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { disagree, isAgainst, saidAgainst, takeBackDisagreement, writeSection } from './writing.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const writes = (section: string, writtenBy: string, corrects?: string) => (file: CaseFile) =>
  writeSection(file, { section, writtenBy, corrects }, noon);

describe('writing a section', () => {
  it('makes a new version each time, and says who wrote it', () => {
    given(opened)
      .when(writes('health', owner))
      .then({ type: 'SectionWritten', section: 'health', version: 1, writtenBy: owner });
    given(opened, { type: 'SectionWritten', section: 'health', version: 1, writtenBy: owner, at: noon })
      .when(writes('health', 'another'))
      .then({ type: 'SectionWritten', version: 2, writtenBy: 'another' });
  });

  it('counts each section for itself', () =>
    given(opened, { type: 'SectionWritten', section: 'health', version: 4, writtenBy: owner, at: noon })
      .when(writes('legal', owner))
      .then({ type: 'SectionWritten', section: 'legal', version: 1 }));
});

describe('a correction', () => {
  it('is a new version with its reason; what was there before stays', () =>
    given(opened)
      .when(writes('health', owner))
      .and(writes('health', owner, 'wrong'))
      .then({ type: 'SectionWritten', version: 2, corrects: 'wrong' }));

  it('corrects something', () =>
    given(opened)
      .when(writes('health', owner, 'wrong'))
      .refused('nothing-to-correct', 'corrects'));
});

describe('her disagreement', () => {
  const says =
    (version: number, noteId = 'n1', section = 'health') =>
    (file: CaseFile) =>
      disagree(file, { section, version, noteId });

  it('stands beside the entry that she disagrees with, and stays when it is corrected', () =>
    given(opened)
      .when(writes('health', owner))
      .and(says(1))
      .and(writes('health', owner, 'said-otherwise'))
      .and(says(1))
      .refused('already-recorded', 'note_id'));

  it('is carried on to every later version, until she takes it back; another of hers stays', () => {
    const wrote = (version: number): CaseFileEvent => ({
      ...{ type: 'SectionWritten', section: 'health', version, writtenBy: owner, at: noon },
    });
    const said = (version: number, noteId: string): CaseFileEvent => ({
      ...{ type: 'DisagreementRecorded', section: 'health', version, noteId },
    });
    const events = [wrote(1), said(1, 'n1'), wrote(2), said(2, 'n2'), wrote(3)];
    const against = (version: number, ...more: CaseFileEvent[]) => {
      const history = fileAfter(...events, ...more).sections.health;
      return history && saidAgainst(history, version);
    };
    expect([1, 2, 3].map((version) => against(version))).toEqual([['n1'], ['n1', 'n2'], ['n1', 'n2']]);
    const back: CaseFileEvent = { type: 'DisagreementTakenBack', section: 'health', noteId: 'n1' };
    expect(against(3, back)).toEqual(['n2']);
    expect(['n1', 'n2', 'n3'].map((note) => isAgainst(fileAfter(...events), note))).toEqual([
      ...['health', 'health', undefined],
    ]);
  });

  it('stands beside its own section, and beside no other', () => {
    const file = given(opened).when(writes('health', owner)).and(writes('legal', owner)).and(says(1)).state();
    expect(file.sections.health?.disagreements).toEqual([{ version: 1, noteId: 'n1' }]);
    expect(file.sections.legal?.disagreements).toEqual([]);
  });

  it('is taken back where it stands, and once', () => {
    const back = (file: CaseFile) => takeBackDisagreement(file, { section: 'health', noteId: 'n1' });
    given(opened).when(writes('health', owner)).and(says(1)).and(back).then({ type: 'DisagreementTakenBack' });
    given(opened).when(writes('health', owner)).and(says(1)).and(back).and(back).refused('not-found', 'note_id');
    const other = given(opened).when(writes('health', owner)).and(says(1, 'n2'));
    other.and(back).refused('not-found', 'note_id');
    given(opened).when(back).refused('not-found', 'note_id');
  });

  it('is about an entry that there is', () => {
    for (const version of [0, 2])
      given(opened).when(writes('health', owner)).and(says(version)).refused('no-such-version', 'version');
    given(opened).when(says(1)).refused('no-such-version', 'version');
  });

  it('has its limit', () => {
    const fifty = Array.from(
      { length: 50 },
      (_, n): CaseFileEvent => ({
        ...{ type: 'DisagreementRecorded', section: 'health', version: 1, noteId: `x${n}` },
      }),
    );
    const wrote: CaseFileEvent = { type: 'SectionWritten', section: 'health', version: 1, writtenBy: owner, at: noon };
    given(opened, wrote, ...fifty)
      .when(says(1))
      .refused('too-many-disagreements', 'section');
  });
});
