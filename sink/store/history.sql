-- A list of series as they were known at an earlier time: each change says what it made
-- of its series.

ALTER TABLE changes ADD COLUMN series {text} NOT NULL DEFAULT '';      -- JSON of what the series' record has other than after the change before; '': nothing, or stored by an earlier version
ALTER TABLE changes ADD COLUMN series_seen {text} NOT NULL DEFAULT ''; -- last_seen of the series, if that is another than before
ALTER TABLE series ADD COLUMN known_from {text} NOT NULL DEFAULT '';   -- the earliest known_at of the changes that say all of it; '': none does
UPDATE changes SET series_seen = (SELECT MAX(p.last_seen) FROM changes p WHERE p.series_id = changes.series_id AND p.sequence <= changes.sequence);
CREATE INDEX changes_series_recent ON changes (series_seen, series_id, known_at, sequence) WHERE series_seen <> '';
