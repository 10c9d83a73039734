
CREATE TABLE lean_changes (
	sequence   INTEGER PRIMARY KEY,
	id         TEXT NOT NULL,
	claim_id   TEXT NOT NULL,
	series_id  TEXT NOT NULL,
	change     TEXT NOT NULL,
	revision   INTEGER NOT NULL,
	known_at   TEXT NOT NULL,
	country    TEXT NOT NULL,
	state      TEXT NOT NULL,
	tier       TEXT NOT NULL,
	origins    INTEGER NOT NULL,
	first_seen TEXT NOT NULL,
	last_seen  TEXT NOT NULL,
	cause      TEXT NOT NULL,
	made_by    TEXT NOT NULL,
	cited_at   INTEGER NOT NULL DEFAULT 0, -- of changes stored before 'cites' was: the earlier change whose record has the citations
	cites      TEXT NOT NULL,              -- the citations that it carries, by their numbers; '': record has them
	based_on   INTEGER NOT NULL,           -- the change whose record says the rest of this one; 0: it says all itself
	record     TEXT NOT NULL               -- JSON of the claim without made_by
);
INSERT INTO lean_changes
	SELECT sequence, id, claim_id, series_id, change, revision, known_at, country, state, tier, origins, first_seen, last_seen, cause, made_by, cited_at, '', 0, record
	FROM changes ORDER BY sequence;
DROP TABLE changes;
ALTER TABLE lean_changes RENAME TO changes;
CREATE INDEX changes_claim ON changes (claim_id, sequence);
CREATE INDEX changes_series ON changes (series_id, sequence);
CREATE INDEX changes_recent ON changes (last_seen, claim_id, known_at, sequence);

CREATE TABLE lean_names (
	claim_id TEXT NOT NULL,
	role     TEXT NOT NULL,
	name_id  TEXT NOT NULL,
	name     TEXT NOT NULL,
	folded   TEXT NOT NULL,
	PRIMARY KEY (claim_id, role, name_id, folded)
) WITHOUT ROWID;
INSERT INTO lean_names SELECT claim_id, role, name_id, name, folded FROM names ORDER BY claim_id, role, name_id, folded;
DROP TABLE names;
ALTER TABLE lean_names RENAME TO names;
CREATE INDEX names_folded ON names (folded, role, claim_id);
CREATE INDEX names_id ON names (name_id, role, claim_id);
