-- Up Migration
-- Lists check whether a key is in quarantine on any topic.
CREATE INDEX quarantine_of_key ON quarantine (key);
