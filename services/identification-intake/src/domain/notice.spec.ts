import { endOfTerm, type LocalDate, startOfDay } from '@opennrm/country';
import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { DAY_MS, noon, rulesOfCountry } from './formal-process/procedure.fixture.ts';
import { type Notice, recordNotice } from './notice.ts';

const rules = await rulesOfCountry('albion');
const notice = (more: Partial<Notice> = {}): Notice => ({
  noticeId: 'n1',
  content: { gender: 'female', nationality: 'xx' },
  declinedOn: '2026-03-02' as LocalDate,
  at: noon,
  ...more,
});

describe('a notice about a person who did not wish to be referred', () => {
  it('contains only what the law of the country allows', () => {
    expect(recordNotice(notice(), rules)).toMatchObject({
      kind: 'accepted',
      events: [{ late: false }],
    });
    expect(
      recordNotice(notice({ content: { gender: 'female', region: 'north' } }), rules),
    ).toMatchObject({
      refusal: 'not-allowed-in-notice',
      field: 'region',
    });
    expect(
      recordNotice(notice({ content: { gender: 'female', region: '' } }), rules),
    ).toMatchObject({
      kind: 'accepted',
    });
  });

  it('has a term, and a late one is accepted and marked as late', () => {
    const onDay = (nth: number) => recordNotice(notice({ at: after(noon, nth * DAY_MS) }), rules);
    expect(onDay(30)).toMatchObject({ events: [{ late: false }] });
    expect(onDay(31)).toMatchObject({ events: [{ late: true }] });
    const from = startOfDay('2026-03-02' as LocalDate, rules.workdays.timeZone);
    const { due } = endOfTerm(rules.workdays, rules.dutyToNotify.within, from);
    expect(recordNotice(notice({ at: due }), rules)).toMatchObject({ events: [{ late: true }] });
    expect(recordNotice(notice({ at: after(due, -1) }), rules)).toMatchObject({
      events: [{ late: false }],
    });
  });

  it('may name a day from its first moment on', () => {
    const midnight = startOfDay('2026-03-02' as LocalDate, rules.workdays.timeZone);
    expect(recordNotice(notice({ at: midnight }), rules)).toMatchObject({ kind: 'accepted' });
    expect(recordNotice(notice({ at: after(midnight, -1) }), rules)).toMatchObject({
      refusal: 'in-the-future',
    });
  });

  it('may not name a future day, and is refused in a country without the duty', async () => {
    const tomorrow = notice({ declinedOn: '2026-03-03' as LocalDate });
    expect(recordNotice(tomorrow, rules)).toMatchObject({
      refusal: 'in-the-future',
      field: 'declined_on',
    });
    for (const name of ['sample', 'islets'])
      expect(recordNotice(notice(), await rulesOfCountry(name))).toMatchObject({
        refusal: 'no-notice-required',
      });
  });
});
