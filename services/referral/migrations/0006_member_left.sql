-- Up Migration
-- Whoever left a party is no member of its referral any more: what the vault says of their case does not concern it.
GRANT DELETE ON referral_case TO referral_service;
