-- Up Migration
-- The two cases of an apart id, the smaller id first. Callers mint apart ids; one id of two pairs would keep four people apart.
CREATE TABLE apart_pair (
  apart_id uuid PRIMARY KEY,
  first_case uuid NOT NULL REFERENCES case_file (id),
  second_case uuid NOT NULL REFERENCES case_file (id)
);
INSERT INTO apart_pair (apart_id, first_case, second_case)
  SELECT (pair->>'apartId')::uuid, least(id, (pair->>'otherCaseId')::uuid), greatest(id, (pair->>'otherCaseId')::uuid)
  FROM case_file, jsonb_array_elements(state->'apart') pair ON CONFLICT DO NOTHING;
GRANT SELECT, INSERT, UPDATE ON apart_pair TO case_vault_service;
