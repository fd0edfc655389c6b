import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

/** A channel that the person called safe, in the hours they named. The number itself is sealed. */
export interface ContactRule {
  readonly channel: string;
  /** Local time `HH:MM`. Equal `from` and `until` mean the whole day; `until` before `from` crosses midnight. */
  readonly from: string;
  readonly until: string;
  /** A message may be left where somebody else could find it. */
  readonly mayLeaveMessage: boolean;
}

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
