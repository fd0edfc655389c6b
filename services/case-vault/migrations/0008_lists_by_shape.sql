-- Up Migration
-- The alerts of one organisation for a role, in the order of the list.
CREATE INDEX alert_of_owner_and_role ON alert (owner_org, role, raised_at, case_id, code, about);

-- Disclosures, newest first: by case, by a service's reference, by a hold without a reference; and the holds of a reference.
DROP INDEX disclosure_of_case;
DROP INDEX disclosure_of_reference;
CREATE INDEX disclosure_of_case ON disclosure (case_id, at, id) WHERE case_id IS NOT NULL;
CREATE INDEX disclosure_of_reference ON disclosure (service, reference, at, id) WHERE reference IS NOT NULL;
CREATE INDEX disclosure_hold_of_reference ON disclosure (service, reference, hold_id) WHERE reference IS NOT NULL AND hold_id IS NOT NULL;
CREATE INDEX disclosure_of_hold_alone ON disclosure (hold_id, at, id) WHERE hold_id IS NOT NULL AND reference IS NULL;

-- The relations of one organisation to one person.
DROP INDEX relation_of_organisation;
CREATE INDEX relation_of_organisation ON relation (organisation_id, reference);
