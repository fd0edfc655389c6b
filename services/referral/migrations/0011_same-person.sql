-- Up Migration
-- References of this service that name one person, as the vault announced: they have the same `person`, an id that is used nowhere else.
CREATE TABLE same_person (
  case_reference uuid PRIMARY KEY,
  person uuid NOT NULL
);
CREATE INDEX same_person_by_person ON same_person (person);

-- A referral has ended or a member left its party, and one of these people is known by several references. A timer of this table reviews
-- whether two of their referrals are still for one need.
CREATE TABLE second_referral_check (
  id uuid PRIMARY KEY,
  generation int NOT NULL,
  case_references uuid[] NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON same_person TO referral_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON second_referral_check TO referral_service;
