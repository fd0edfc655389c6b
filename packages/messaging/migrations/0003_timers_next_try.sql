-- Up Migration
-- For a timer that failed: how often it failed, and when it is tried next (real time, the database's clock). `due` does not change.
ALTER TABLE timers ADD COLUMN failures int NOT NULL DEFAULT 0;
ALTER TABLE timers ADD COLUMN retry_at timestamptz;
DROP INDEX timers_due;
CREATE INDEX timers_untried ON timers (due) WHERE retry_at IS NULL;
CREATE INDEX timers_retried ON timers (retry_at) WHERE retry_at IS NOT NULL;
