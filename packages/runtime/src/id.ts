import { z } from 'zod';

/**
 * An id from outside: a UUID, converted to small letters. RFC 9562 (section 4) also allows capitals, and PostgreSQL reads both as one
 * value. But a comparison, a set, a lock, a Kafka key and the journal distinguish them. So every id has this one form after it was read.
 */
export const uuid = (rule = 'must be a UUID') => z.uuid(rule).toLowerCase();

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

/**
 * Normalises a text that may be an id or anything else, such as an idempotency key. An id gets its one form, other text stays as it is.
 */
export const normalizeId = (text: string): string => (isUuid(text) ? text.toLowerCase() : text);
