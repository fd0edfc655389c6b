-- Up Migration
-- Which two cases an id keeps apart: callers mint it, and one that named two pairs would keep four people from one another. The smaller case id first.
CREATE TABLE apart_pair (
  apart_id uuid PRIMARY KEY,
  first_case uuid NOT NULL REFERENCES case_file (id),
  second_case uuid NOT NULL REFERENCES case_file (id)
);
INSERT INTO apart_pair (apart_id, first_case, second_case)
  SELECT (pair->>'apartId')::uuid, least(id, (pair->>'otherCaseId')::uuid), greatest(id, (pair->>'otherCaseId')::uuid)
  FROM case_file, jsonb_array_elements(state->'apart') pair ON CONFLICT DO NOTHING;
GRANT SELECT, INSERT, UPDATE ON apart_pair TO case_vault_service;
