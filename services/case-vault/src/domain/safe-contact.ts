import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { ContactRule } from './contact-rule.ts';
import type { CaseFileEvent } from './events.ts';

/** Replaces the rules; an empty list means no contact. */
export function setSafeContact(
  _file: CaseFile,
  rules: readonly ContactRule[],
): Decision<CaseFileEvent, 'channel-twice'> {
  if (new Set(rules.map(({ channel }) => channel)).size < rules.length)
    return refuse('channel-twice', 'rules');
  return accept<CaseFileEvent>({ type: 'SafeContactSet', rules });
}

export interface ContactVerdict {
  readonly isAllowed: boolean;
  readonly mayLeaveMessage: boolean;
}

const NO: ContactVerdict = { isAllowed: false, mayLeaveMessage: false };

/** Contact is allowed only by a channel and at an hour that the person called safe. */
export function mayContact(
  rules: readonly ContactRule[],
  channel: string,
  localTime: string,
): ContactVerdict {
  const rule = rules.find((one) => one.channel === channel);
  if (!rule || !isWithin(rule, localTime)) return NO;
  return { isAllowed: true, mayLeaveMessage: rule.mayLeaveMessage };
}

function isWithin({ from, until }: ContactRule, time: string): boolean {
  return from < until ? from <= time && time < until : from <= time || time < until;
}
