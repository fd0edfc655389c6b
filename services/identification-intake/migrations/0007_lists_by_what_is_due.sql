-- Up Migration
-- Lists are ordered by the next deadline, and procedures without one come last. The index has the same expression as the queries.
DROP INDEX identification_of_authority;
DROP INDEX identification_of_referrer;
DROP INDEX identification_escalated;
CREATE INDEX identification_of_authority ON identification_file (authority, coalesce(due, 9007199254740991), process_id) WHERE process_id IS NOT NULL;
CREATE INDEX identification_of_referrer ON identification_file (referred_by, coalesce(due, 9007199254740991), process_id) WHERE process_id IS NOT NULL;
CREATE INDEX identification_escalated ON identification_file (escalated_to, coalesce(due, 9007199254740991), process_id)
  WHERE process_id IS NOT NULL AND escalated_to IS NOT NULL;
