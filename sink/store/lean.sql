-- A citation stands once, however many changes had it, and a change says of its claim
-- only what is new: with based_on, record holds the members that differ from those of
-- that change's record, '' if none does.

ALTER TABLE citations ADD COLUMN told BIGINT NOT NULL DEFAULT 0; -- its number among those that the claim has or had
UPDATE citations SET told = n;

-- Citations that their claim has no longer, for the changes that had them.
CREATE TABLE past_citations (
	claim_id {text} NOT NULL,
	told     BIGINT NOT NULL, -- as in citations
	record   {text} NOT NULL
);
CREATE INDEX past_citations_claim ON past_citations (claim_id);

ALTER TABLE claims ADD COLUMN based_on BIGINT NOT NULL DEFAULT 0; -- the change whose record says the rest of this one; 0: it says all itself
