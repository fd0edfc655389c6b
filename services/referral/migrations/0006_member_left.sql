-- Up Migration
-- A former member of a party is no member of its referral any more: events of the vault about their case do not concern it.
GRANT DELETE ON referral_case TO referral_service;
