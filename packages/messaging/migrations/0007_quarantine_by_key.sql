-- Up Migration
-- Lists ask whether a key waits on any topic.
CREATE INDEX quarantine_of_key ON quarantine (key);
