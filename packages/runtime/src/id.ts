import { z } from 'zod';

/**
 * An id that comes in: a UUID, kept in small letters. RFC 9562 (section 4) lets a sender write capitals too, and PostgreSQL reads both as one value, but
 * a comparison, a set, a lock, a Kafka key and the journal each know one spelling only. So every id has this one form from here on.
 */
export const uuid = (rule = 'must be a UUID') => z.uuid(rule).toLowerCase();

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A text that may be an id or anything else, such as an idempotency key: an id in its one form, other text as it is. */
export const normalizeId = (text: string): string => (UUID.test(text) ? text.toLowerCase() : text);
