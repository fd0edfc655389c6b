import { describe, expect, it } from 'vitest';
import { fileAfter } from './case.fixture.ts';
import type { ContactRule } from './contact-rule.ts';
import { mayContact, setSafeContact } from './safe-contact.ts';

const rule = (more: Partial<ContactRule> = {}): ContactRule => ({
  channel: 'text-message',
  from: '09:00',
  until: '12:00',
  mayLeaveMessage: false,
  ...more,
});
const may = (time: string, ...rules: ContactRule[]) =>
  mayContact(rules, 'text-message', time).isAllowed;

describe('mayContact', () => {
  it('forbids contact unless the person called this channel safe', () => {
    expect(may('10:00')).toBe(false);
    expect(may('10:00', rule({ channel: 'letter' }))).toBe(false);
    expect(may('10:00', rule())).toBe(true);
  });

  it('allows contact only in the hours that the person named', () =>
    expect(['08:59', '09:00', '11:59', '12:00'].map((time) => may(time, rule()))).toEqual([
      false,
      true,
      true,
      false,
    ]));

  it('handles hours that cross midnight, and reads equal hours as the whole day', () => {
    const night = rule({ from: '22:00', until: '02:00' });
    expect(['21:59', '22:00', '01:59', '02:00'].map((time) => may(time, night))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const always = rule({ from: '00:00', until: '00:00' });
    expect(['00:00', '13:00', '23:59'].map((time) => may(time, always))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('allows a message only where the person allowed it', () => {
    expect(mayContact([rule()], 'text-message', '10:00')).toEqual({
      isAllowed: true,
      mayLeaveMessage: false,
    });
    expect(mayContact([rule({ mayLeaveMessage: true })], 'text-message', '13:00')).toEqual({
      isAllowed: false,
      mayLeaveMessage: false,
    });
  });
});

it('contact rules name each channel once, and may be empty', () => {
  expect(setSafeContact(fileAfter(), [rule(), rule()])).toMatchObject({
    refusal: 'channel-twice',
    field: 'rules',
  });
  expect(setSafeContact(fileAfter(), [])).toMatchObject({
    kind: 'accepted',
    events: [{ rules: [] }],
  });
  expect(fileAfter({ type: 'SafeContactSet', rules: [rule()] }).contact).toEqual([rule()]);
});
