-- Up Migration
-- By the key first: an index that begins with the topic was taken for reading a topic too, and gave all of its messages for each page, to be sorted.
DROP INDEX journal_of_stream;
CREATE UNIQUE INDEX journal_of_stream ON journal (key, topic, epoch, sequence) WHERE topic IS NOT NULL;
