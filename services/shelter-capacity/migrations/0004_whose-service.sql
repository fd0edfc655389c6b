-- Up Migration
-- A service belongs to the organisation that the directory names, no longer to the first provider that registered a place for it.
-- The claims of callers are deleted; the announcements of the directory fill the table again.
DELETE FROM service_provider;
UPDATE provider SET state = state || '{"services": []}';
