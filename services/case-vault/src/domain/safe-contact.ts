import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

/** One way to reach her that she called safe: never any other, and only in the hours she named. The number itself is sealed. */
export interface ContactRule {
  readonly channel: string;
  /** Hours of her day, local time, `HH:MM`; the same twice is the whole day. Over midnight where it ends before it begins. */
  readonly from: string;
  readonly until: string;
  /** A word may be left where somebody else could find it. */
  readonly mayLeaveWord: boolean;
}

/** Her rules as they stand now; an empty list is: contact her by no channel. */
export function setSafeContact(
  _file: CaseFile,
  rules: readonly ContactRule[],
): Decision<CaseFileEvent, 'channel-twice'> {
  if (new Set(rules.map(({ channel }) => channel)).size < rules.length) return refuse('channel-twice', 'rules');
  return accept<CaseFileEvent>({ type: 'SafeContactSet', rules });
}

export interface MayContact {
  readonly may: boolean;
  readonly mayLeaveWord: boolean;
}

const NO: MayContact = { may: false, mayLeaveWord: false };

/** Whoever sends anything asks first. No, unless she said that this channel is safe at this hour. */
export function mayContact(rules: readonly ContactRule[], channel: string, localTime: string): MayContact {
  const rule = rules.find((one) => one.channel === channel);
  if (!rule || !isWithin(rule, localTime)) return NO;
  return { may: true, mayLeaveWord: rule.mayLeaveWord };
}

function isWithin({ from, until }: ContactRule, time: string): boolean {
  return from < until ? from <= time && time < until : from <= time || time < until;
}
