import { type Instant, instant } from '@opennrm/runtime/decision';
import { BEGINNING, type Cursor } from './inbox/classify.ts';

/** The CloudEvents headers of a message (binary mode; `sequence`, `epoch`, `epochafter` and `partitionkey` are extensions). */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly at: Instant;
  readonly key: string;
  readonly sequence: number;
  readonly epoch: number;
  /** The last place on the stream before the first number of this epoch. */
  readonly epochAfter: Cursor;
}

/** An envelope to be written. Without `epochAfter`, the stream begins with this epoch. */
export type Outgoing = Omit<Envelope, 'epochAfter'> & Partial<Pick<Envelope, 'epochAfter'>>;

/** `opennrm.<owner>.<audience>.v1` → `opennrm/<owner>`. */
const sourceOf = (topic: string): string => topic.split('.').slice(0, 2).join('/');

export const headersOf = (topic: string, envelope: Outgoing): Record<string, string> => ({
  ce_specversion: '1.0',
  ce_id: envelope.id,
  ce_source: sourceOf(topic),
  ce_type: envelope.type,
  ce_time: new Date(envelope.at).toISOString(),
  ce_sequence: String(envelope.sequence),
  ce_epoch: String(envelope.epoch),
  ce_epochafter: cursorText(envelope.epochAfter ?? BEGINNING),
  ce_partitionkey: envelope.key,
  'content-type': 'application/protobuf',
});

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const LONGEST_KEY = 100;
/** PostgreSQL stores no NUL in a text. A message with one could not even be parked. */
const printable = (text: string): boolean => !/\p{Cc}/u.test(text);

/** Reads the headers of a received message, or names the header that is wrong (never its value). */
export function readHeaders(
  headers: Readonly<Record<string, string>>,
  key: string | undefined,
): Envelope | { readonly malformed: string } {
  const {
    ce_id: id,
    ce_type: type,
    ce_time: time,
    ce_sequence: sequence,
    ce_epoch: epoch,
    ce_partitionkey: partitionKey,
  } = headers;
  if (headers.ce_specversion !== '1.0') return { malformed: 'ce_specversion is not 1.0' };
  if (!id || !UUID.test(id)) return { malformed: 'ce_id is not a UUID' };
  if (!type || type.length > LONGEST_KEY || !printable(type))
    return { malformed: 'ce_type is missing, too long or not printable' };
  const at = Date.parse(time ?? '');
  if (Number.isNaN(at)) return { malformed: 'ce_time is not an RFC 3339 time' };
  if (!key || key.length > LONGEST_KEY || partitionKey !== key)
    return { malformed: 'ce_partitionkey is not the key' };
  if (!printable(key)) return { malformed: 'the key is not printable' };
  // Another spelling would be another stream than the one that the reader's rows belong to.
  if (UUID.test(key) && key !== key.toLowerCase())
    return { malformed: 'the key is a UUID that is not in small letters' };
  const numbers = {
    sequence: positive(sequence, LARGEST_SEQUENCE),
    epoch: positive(epoch, LARGEST_EPOCH),
  };
  if (numbers.sequence === undefined)
    return { malformed: 'ce_sequence is not a positive whole number' };
  if (numbers.epoch === undefined) return { malformed: 'ce_epoch is not a positive whole number' };
  const epochAfter = parseCursor(headers.ce_epochafter);
  if (!epochAfter || epochAfter.epoch >= numbers.epoch || epochAfter.last >= numbers.sequence)
    return { malformed: 'ce_epochafter is not a place before this epoch' };
  return {
    id,
    type,
    at: instant(at),
    key,
    sequence: numbers.sequence,
    epoch: numbers.epoch,
    epochAfter,
  };
}

const cursorText = ({ epoch, last }: Cursor): string => `${epoch}:${last}`;

/**
 * The largest values that the columns of `inbox` and `parked` store and JavaScript counts exactly. A message above them could be neither
 * applied nor parked.
 */
const LARGEST_EPOCH = 2 ** 31 - 1;
const LARGEST_SEQUENCE = 10 ** 15 - 1;

function parseCursor(text: string | undefined): Cursor | undefined {
  const [, epoch, last] = /^(\d{1,10}):(\d{1,15})$/.exec(text ?? '') ?? [];
  return epoch === undefined || last === undefined
    ? undefined
    : { epoch: Number(epoch), last: Number(last) };
}

function positive(text: string | undefined, largest: number): number | undefined {
  const number = /^[1-9]\d{0,14}$/.test(text ?? '') ? Number(text) : 0;
  return number > 0 && number <= largest ? number : undefined;
}
