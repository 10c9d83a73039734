-- Most changes leave the citations of their claim alone, and one program made most
-- records: both stand once.

-- The programs and models that read the texts.
CREATE TABLE made_by (
	id     {text} PRIMARY KEY,
	record {text} NOT NULL
);
ALTER TABLE claims ADD COLUMN made_by {text} NOT NULL DEFAULT '';   -- '': record says it itself
ALTER TABLE changes ADD COLUMN made_by {text} NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN cited_at BIGINT NOT NULL DEFAULT 0; -- the earlier change whose record has the citations of this one too; 0: it has them itself
DROP INDEX changes_id; -- a change is looked up by its claim
