-- Up Migration
-- The key is the first column. PostgreSQL also used an index that begins with the topic for reading a topic, and then sorted all its
-- messages for each page.
DROP INDEX journal_of_stream;
CREATE UNIQUE INDEX journal_of_stream ON journal (key, topic, epoch, sequence) WHERE topic IS NOT NULL;
