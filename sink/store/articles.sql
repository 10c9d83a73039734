-- Articles are listed by date, by publisher and by the words of their titles; who
-- passed a citation on stands in a column of its own.

DROP INDEX articles_domain;
UPDATE articles SET publisher = SUBSTR(publisher, 1, 300) WHERE LENGTH(publisher) > 300; -- PostgreSQL bounds what is indexed; the record has it whole
CREATE INDEX articles_publisher ON articles (domain, publisher);
CREATE INDEX articles_recent ON articles (published_at, id);
ALTER TABLE citations ADD COLUMN attribution {text} NOT NULL DEFAULT ''; -- by whom it came to the publisher, outermost speaker first: "Interport (according to); prison service (cited)"
