import { after, type Decision, type Instant, instant } from '@opennrm/runtime/decision';
import { specification } from '@opennrm/testkit/pure';
import {
  evolve,
  type IdentificationEvent,
  type IdentificationFile,
  onScreening,
} from '../identification-file.ts';
import type { IndicatorAnswer } from './evaluation.ts';
import type { IndicatorList } from './indicator-list.ts';
import type { Screening, ScreeningEvent, Session } from './screening.ts';
import {
  beginScreening,
  finishScreening,
  giveAnswers,
  pauseScreening,
  recordScreening,
  type Safety,
  type ScreeningBeginning,
  type ScreeningRefusal,
} from './session.ts';

export const { given } = specification<IdentificationFile, IdentificationEvent>(evolve);
export const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));

/** A list in which two strong indicators of one dimension indicate trafficking, and fewer do not. */
export const list: IndicatorList = {
  id: 'small',
  version: '1',
  positive: [{ strong: 2 }],
  dimensions: [
    {
      code: 'exploitation',
      indicators: ['one', 'two'].map((code) => ({
        code,
        title: code,
        adult: 'strong',
        child: 'strong',
      })),
    },
  ],
  rules: {
    adult: [
      { rule: 'adult-1', all: ['exploitation'], any: [], result: 'indicated', advice: 'none' },
      { rule: 'adult-2', all: [], any: [], result: 'not-indicated', advice: 'none' },
    ],
    child: [{ rule: 'child-1', all: [], any: [], result: 'insufficient', advice: 'none' }],
  },
};
/** The next version, which needs only one strong indicator. */
export const newer: IndicatorList = { ...list, version: '2', positive: [{ strong: 1 }] };
export const lists = new Map([list, newer].map((one) => [`${one.id}@${one.version}`, one])).set(
  'small',
  newer,
);

export const seen = (...indicators: string[]) =>
  indicators.map((indicator) => ({ indicator, presence: 'present' as const }));
export const session = { language: 'en', interpreter: false, interpreterId: undefined, by: 'p1' };
export const safety = { asked: true, speaksFreely: true, inDanger: false };
export const beginning = (more: Partial<ScreeningBeginning> = {}): ScreeningBeginning => ({
  screeningId: 's1',
  caseReference: 'c1',
  ownerOrg: 'helpline',
  list: 'small@1',
  age: 'adult',
  session,
  safety,
  basis: 'permission',
  at: noon,
  ...more,
});
export const begin =
  (more?: Partial<ScreeningBeginning>) => (file: IdentificationFile | undefined) =>
    beginScreening(file?.screenings ?? [], beginning(more), lists);
export const record =
  (more?: Partial<ScreeningBeginning>, answers: readonly IndicatorAnswer[] = seen('one', 'two')) =>
  (file: IdentificationFile | undefined) =>
    recordScreening(file?.screenings ?? [], beginning(more), answers, lists);
export const on =
  (act: (screening: Screening) => Decision<ScreeningEvent, ScreeningRefusal>, id = 's1') =>
  (file: IdentificationFile) =>
    onScreening(file, id, act);
export const answers = (
  indicatorAnswers: readonly IndicatorAnswer[],
  more: Partial<Session> = {},
  first: Safety = safety,
) =>
  on((one) => {
    const held = { ...session, ...more };
    return giveAnswers(
      one,
      { answers: indicatorAnswers, session: held, safety: first, at: after(noon, 60_000) },
      lists,
    );
  });
export const pause = on((one) => pauseScreening(one, noon));
export const finish = on((one) => finishScreening(one, lists));
export const screeningIn = ({ screenings: [first] }: IdentificationFile): Screening => {
  if (!first) throw new Error('there is no screening');
  return first;
};

export function events(
  decide: (file: undefined) => ReturnType<ReturnType<typeof record>>,
): IdentificationEvent[] {
  const decision = decide(undefined);
  if (decision.kind !== 'accepted') throw new Error('the screening was not recorded');
  return [...decision.events];
}
export const recorded = (more?: Partial<ScreeningBeginning>) => events(record(more));
export const begun = (more?: Partial<ScreeningBeginning>) => events(begin(more));
