-- Up Migration
-- A service belongs to the organisation that the directory names, and no more to whoever registered a place for it first. What callers said is
-- forgotten here; the directory's word fills the table again.
DELETE FROM service_provider;
UPDATE provider SET state = state || '{"services": []}';
