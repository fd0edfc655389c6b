import { localDateOf } from '@opennrm/country';
import { after } from '@opennrm/runtime/decision';
import type { Story } from './procedure.fixture.ts';
import type { Rules } from './rules.ts';

/** The last day of a running deadline; otherwise its state. */
export const lastDayIn =
  ({ workdays }: Rules) =>
  (story: Story, deadline: string): string | undefined => {
    const found = story.now().deadlines[deadline];
    return found?.state === 'running'
      ? localDateOf(after(found.end.due, -1), workdays.timeZone)
      : found?.state;
  };
