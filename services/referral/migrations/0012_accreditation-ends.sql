-- Up Migration
-- The end of an accreditation by time is a deadline of its entry. Older entries have no timer yet.
INSERT INTO timers (aggregate, aggregate_id, generation, kind, due)
  SELECT 'service', id, generation, 'accreditation', accredited_until FROM service WHERE accredited_until IS NOT NULL
  ON CONFLICT DO NOTHING;
