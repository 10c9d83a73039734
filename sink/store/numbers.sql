-- What belongs to a claim refers to it by its number: rows are short, those of one claim
-- stand together, and those of new claims at the end. Views have it by the claim's id.

-- The proofs of each claim: n is 2147483648 times the claim's n, plus the number of the
-- citation among those that the claim has or had.
CREATE TABLE proofs (
	n            {key},
	article_id   {text} NOT NULL,
	published_at {text} NOT NULL,
	attribution  {text} NOT NULL,
	figure       {text} NOT NULL,
	record       {text} NOT NULL
);
INSERT INTO proofs (n, article_id, published_at, attribution, figure, record)
	SELECT c.n * 2147483648 + t.told, t.article_id, t.published_at, t.attribution, t.figure, t.record
	FROM citations t JOIN claims c ON c.id = t.claim_id ORDER BY 1;
CREATE INDEX proofs_article ON proofs (article_id);

-- Citations that their claim has no longer, for the changes that had them.
CREATE TABLE past_proofs (
	n      {key},
	record {text} NOT NULL
);
INSERT INTO past_proofs (n, record)
	SELECT c.n * 2147483648 + t.told, t.record FROM past_citations t JOIN claims c ON c.id = t.claim_id ORDER BY 1;

-- Who and what is named by claims; one row for each that has one of them in a role.
CREATE TABLE name_list (
	n       {serial},
	role    {text} NOT NULL,
	name_id {text} NOT NULL,
	folded  {text} NOT NULL,
	name    {text} NOT NULL
);
CREATE UNIQUE INDEX name_list_folded ON name_list (folded, role, name_id, name);
CREATE INDEX name_list_id ON name_list (name_id, role);
UPDATE names SET name = SUBSTR(name, 1, 250) WHERE LENGTH(name) > 250; -- PostgreSQL bounds what is indexed
INSERT INTO name_list (role, name_id, folded, name) SELECT DISTINCT role, name_id, folded, name FROM names ORDER BY 3, 1, 2, 4;
CREATE TABLE parts (
	name  BIGINT NOT NULL, -- n of name_list
	claim BIGINT NOT NULL, -- n of claims
	PRIMARY KEY (name, claim)
) {sorted};
INSERT INTO parts (name, claim)
	SELECT l.n, c.n FROM names x JOIN claims c ON c.id = x.claim_id
	JOIN name_list l ON l.folded = x.folded AND l.role = x.role AND l.name_id = x.name_id AND l.name = x.name ORDER BY 1, 2;
CREATE INDEX parts_claim ON parts (claim, name);

-- Everything that happened to claims, in order. The view changes says more.
CREATE TABLE history (
	sequence    {key},
	claim       BIGINT NOT NULL,   -- n of claims
	id          {text} NOT NULL,
	series_id   {text} NOT NULL,
	change      {text} NOT NULL,
	revision    INTEGER NOT NULL,
	known_at    {text} NOT NULL,
	country     {text} NOT NULL,
	state       {text} NOT NULL,
	tier        {text} NOT NULL,
	origins     INTEGER NOT NULL,
	first_seen  {text} NOT NULL,
	last_seen   {text} NOT NULL,
	cause       {text} NOT NULL,
	made_by     {text} NOT NULL,
	cited_at    BIGINT NOT NULL DEFAULT 0,
	cites       {text} NOT NULL,
	based_on    BIGINT NOT NULL,
	record      {text} NOT NULL,
	series      {text} NOT NULL,
	series_seen {text} NOT NULL
);
INSERT INTO history (sequence, claim, id, series_id, change, revision, known_at, country, state, tier, origins, first_seen, last_seen, cause, made_by, cited_at, cites, based_on, record, series, series_seen)
	SELECT h.sequence, c.n, h.id, h.series_id, h.change, h.revision, h.known_at, h.country, h.state, h.tier, h.origins, h.first_seen, h.last_seen, h.cause, h.made_by, h.cited_at, h.cites, h.based_on, h.record, h.series, h.series_seen
	FROM changes h JOIN claims c ON c.id = h.claim_id ORDER BY h.sequence;
CREATE INDEX history_claim ON history (claim, sequence);
CREATE INDEX history_series ON history (series_id, sequence);
CREATE INDEX history_series_recent ON history (series_seen, series_id, known_at, sequence) WHERE series_seen <> '';

-- When claims were last seen, as any of their changes said it: the order of lists as of an earlier time.
CREATE TABLE seen (
	last_seen {text} NOT NULL,
	claim_id  {text} NOT NULL,
	known_at  {text} NOT NULL, -- of the earliest of them
	PRIMARY KEY (last_seen, claim_id)
) {sorted};
INSERT INTO seen (last_seen, claim_id, known_at) SELECT last_seen, claim_id, MIN(known_at) FROM changes GROUP BY 1, 2 ORDER BY 1, 2;

DROP VIEW figures;
DROP TABLE citations;
DROP TABLE past_citations;
DROP TABLE names;
DROP TABLE changes;

-- The proofs of each claim: exact words of an article.
CREATE VIEW citations AS
	SELECT c.id AS claim_id, p.article_id, {citation.article_version} AS article_version, {citation.url} AS url,
		{citation.publisher.name} AS publisher, {citation.publisher.domain} AS domain, p.published_at,
		{citation.origin} AS origin,                             -- copies of one text share it
		COALESCE({citation.source.name}, '') AS source,          -- who is quoted for it; '' if the publisher says it
		p.attribution,                                           -- by whom it came to the publisher, outermost speaker first: "Interport (according to); prison service (cited)"
		{citation.field} AS field,                               -- text or title
		{citation.quote.exact} AS quote,                         -- the exact words
		CAST({citation.quote.start} AS INTEGER) AS quote_start,  -- characters before them in the article
		CAST({citation.quote.end} AS INTEGER) AS quote_end,
		p.figure,                                                -- the numeral in them; '' for statements
		CAST(COALESCE({citation.figure.start}, '-1') AS INTEGER) AS figure_start, -- -1 if none
		CAST(COALESCE({citation.figure.end}, '-1') AS INTEGER) AS figure_end,
		{citation.text_sha256} AS text_sha256,                   -- of the text quoted from
		p.record
	FROM claims c JOIN proofs p ON p.n BETWEEN c.n * 2147483648 AND c.n * 2147483648 + 2147483647 AND c.n = p.n / 2147483648;

-- Who and what plays a part in each claim.
CREATE VIEW names AS
	SELECT c.id AS claim_id,
		l.role,    -- agent, victim, speaker, source, participant, place, within (contains the place), publisher
		l.name_id, -- entity, place or publisher; '' for a phrase
		l.name,
		l.folded   -- without case and accents
	FROM parts p JOIN claims c ON c.n = p.claim JOIN name_list l ON l.n = p.name;

-- Everything that happened to claims, in order.
CREATE VIEW changes AS
	SELECT h.sequence,            -- in the stream CLAIMS
		h.id, c.id AS claim_id, h.series_id, h.change, h.revision, h.known_at, h.country,
		h.state, h.tier, h.origins, h.first_seen, h.last_seen, -- of the claim after it
		h.cause,                  -- JSON
		h.made_by,                -- id of the table made_by
		h.cited_at,               -- of changes stored by early versions: the earlier change whose record has the citations of this one too
		h.cites,                  -- the citations that it carries, by their numbers; '': record has them
		h.based_on,               -- the change whose record says the rest of this one; 0: it says all itself
		h.record,                 -- JSON of the claim without made_by
		h.series,                 -- JSON of what the series' record has other than after the change before; '': nothing, or stored by an early version
		h.series_seen             -- last_seen of the series, if that is another than before
	FROM history h JOIN claims c ON c.n = h.claim;

-- One row for each figure that an article prints: what to open first.
CREATE VIEW figures AS
	SELECT c.measure, c.value, c.min, c.max, c.comparator, c.unit, c.counted, c.per, c.category, c.modality,
		c.agent, c.victim, c.place, c.country, c.time_start, c.time_end, c.tier, c.stability, c.text AS claim,
		t.published_at, t.publisher, t.source, t.quote, t.figure, t.url,
		c.origins, c.publishers, t.origin, c.id AS claim_id, c.series_id, t.article_id, t.article_version, t.quote_start, t.quote_end
	FROM claims c JOIN citations t ON t.claim_id = c.id
	WHERE c.state = 'living' AND c.kind = 'quantity';
