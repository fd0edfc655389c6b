-- Up Migration
-- The service classes of one organisation, read by jumping from class to class.
CREATE INDEX relation_class_of_organisation ON relation (organisation_id, service_class);
DROP INDEX service_of_organisation;
CREATE INDEX service_class_of_organisation ON service (organisation_id, service_class);
