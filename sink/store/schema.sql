-- The claim store. Tables keep what the streams said, views are made for people.
-- {serial}, {text}, {number} and {bool} are types that differ between SQLite and
-- PostgreSQL. Dates and times are ISO 8601: a date as far as it is known, or a
-- time in UTC ("2025-11-23", "2025-11-23T10:15:00Z"), so they sort in order.
-- Columns named record hold the JSON of the record; lean.sql says what claims and
-- changes leave out of it. Of citations, names and changes numbers.sql has made views.

-- How far each stream has been stored. It changes in the transaction that stores.
CREATE TABLE positions (
	stream   {text} PRIMARY KEY,
	sequence BIGINT NOT NULL
);

-- Every version of every article. The one with the greatest sequence is current.
CREATE TABLE articles (
	n            {serial},
	id           {text} NOT NULL,
	version      {text} NOT NULL,
	sequence     BIGINT NOT NULL, -- in the stream ARTICLES
	url          {text} NOT NULL,
	title        {text} NOT NULL,
	byline       {text} NOT NULL,
	publisher    {text} NOT NULL, -- its name
	domain       {text} NOT NULL, -- its domain
	published_at {text} NOT NULL, -- '' if unknown
	language     {text} NOT NULL,
	text         {text} NOT NULL, -- offsets of citations count its characters
	text_sha256  {text} NOT NULL,
	record       {text} NOT NULL, -- without text
	UNIQUE (id, version)
);
CREATE INDEX articles_domain ON articles (domain);

-- Every claim that ever was, as its last change left it.
CREATE TABLE claims (
	n              {serial},
	id             {text} NOT NULL UNIQUE,
	series_id      {text} NOT NULL,   -- the same proposition with the figure left open
	state          {text} NOT NULL,   -- living, replaced (see replaced_by), withdrawn, retracted
	kind           {text} NOT NULL,   -- quantity, statement, event
	measure        {text} NOT NULL,   -- what it is about: person-killed, deal-value, statement, …
	tier           {text} NOT NULL,   -- reportable, or only a candidate
	stability      {text} NOT NULL,   -- provisional, final
	text           {text} NOT NULL,   -- the claim in one sentence
	value          {number},          -- null for a range, a vague count or a statement
	min            {number},
	max            {number},
	comparator     {text} NOT NULL,   -- exact, at_least, more_than, at_most, less_than, about, between
	unit           {text} NOT NULL,   -- count, percent, a currency (EUR), a measure code (km2)
	counted        {text} NOT NULL,   -- what is counted
	per            {text} NOT NULL,   -- unit of a rate: day
	category       {text} NOT NULL,   -- killed, injured, missing, …
	predicate      {text} NOT NULL,
	modality       {text} NOT NULL,   -- asserted, required, allowed, planned, possible, negated
	agent          {text} NOT NULL,   -- who did it
	victim         {text} NOT NULL,   -- to whom
	place          {text} NOT NULL,   -- where
	country        {text} NOT NULL,   -- ISO 3166-1 code, or -- without a place
	time_start     {text} NOT NULL,   -- when it happened or held, inclusive
	time_end       {text} NOT NULL,
	speaker        {text} NOT NULL,   -- of a statement
	content        {text} NOT NULL,   -- of a statement
	cumulative     {bool} NOT NULL,   -- a running total
	mentions       INTEGER NOT NULL,  -- citations
	articles       INTEGER NOT NULL,  -- that contain it
	publishers     INTEGER NOT NULL,  -- that printed it
	origins        INTEGER NOT NULL,  -- independent texts: copies of one text are one
	first_seen     {text} NOT NULL,   -- first and last publication
	last_seen      {text} NOT NULL,
	replaced_by    {text} NOT NULL,   -- JSON array of claim ids
	last_change    {text} NOT NULL,   -- asserted, corroborated, superseded, …
	revision       INTEGER NOT NULL,  -- changes so far
	known_at       {text} NOT NULL,   -- when the last change was known
	first_sequence BIGINT NOT NULL,   -- of its first and last change in the stream CLAIMS
	sequence       BIGINT NOT NULL,
	record         {text} NOT NULL    -- without citations and made_by
);
CREATE INDEX claims_recent ON claims (last_seen, id);
CREATE INDEX claims_measure ON claims (measure, last_seen, id);
CREATE INDEX claims_country ON claims (country, last_seen, id);
CREATE INDEX claims_series ON claims (series_id);
CREATE INDEX claims_counts ON claims (state, tier, measure, country); -- for counting without reading the rows

-- The proofs of each claim: exact words of an article.
CREATE TABLE citations (
	n               {serial},
	claim_id        {text} NOT NULL,
	article_id      {text} NOT NULL,
	article_version {text} NOT NULL,
	url             {text} NOT NULL,
	publisher       {text} NOT NULL,
	domain          {text} NOT NULL,
	published_at    {text} NOT NULL,
	origin          {text} NOT NULL,    -- copies of one text share it
	source          {text} NOT NULL,    -- who is quoted for it; '' if the publisher says it
	field           {text} NOT NULL,    -- text or title
	quote           {text} NOT NULL,    -- the exact words
	quote_start     INTEGER NOT NULL,   -- characters before them in the article
	quote_end       INTEGER NOT NULL,
	figure          {text} NOT NULL,    -- the numeral in them; '' for statements
	figure_start    INTEGER NOT NULL,   -- -1 if none
	figure_end      INTEGER NOT NULL,
	text_sha256     {text} NOT NULL,    -- of the text quoted from
	record          {text} NOT NULL,
	UNIQUE (claim_id, article_id, article_version, field, quote_start, quote_end, figure_start)
);
CREATE INDEX citations_article ON citations (article_id);

-- Who and what plays a part in each claim.
CREATE TABLE names (
	claim_id {text} NOT NULL,
	role     {text} NOT NULL, -- agent, victim, speaker, source, participant, place, within (contains the place), publisher
	name_id  {text} NOT NULL, -- entity, place or publisher; '' for a phrase
	name     {text} NOT NULL,
	folded   {text} NOT NULL, -- without case and accents
	UNIQUE (claim_id, role, name_id, folded)
);
CREATE INDEX names_folded ON names (folded, role, claim_id);
CREATE INDEX names_id ON names (name_id, role, claim_id);

-- Propositions with the figure left open.
CREATE TABLE series (
	n           {serial},
	id          {text} NOT NULL UNIQUE,
	living      {bool} NOT NULL,  -- false if no claim is left in it
	measure     {text} NOT NULL,
	text        {text} NOT NULL,
	country     {text} NOT NULL,
	point_count INTEGER NOT NULL,
	conflicts   INTEGER NOT NULL,
	first_seen  {text} NOT NULL,
	last_seen   {text} NOT NULL,
	sequence    BIGINT NOT NULL,
	record      {text} NOT NULL
);
CREATE INDEX series_recent ON series (last_seen, id);

-- Everything that happened to claims, in order.
CREATE TABLE changes (
	sequence   BIGINT PRIMARY KEY,  -- in the stream CLAIMS
	id         {text} NOT NULL,
	claim_id   {text} NOT NULL,
	series_id  {text} NOT NULL,
	change     {text} NOT NULL,
	revision   INTEGER NOT NULL,
	known_at   {text} NOT NULL,
	country    {text} NOT NULL,
	state      {text} NOT NULL,     -- of the claim after it, as the columns below
	tier       {text} NOT NULL,
	origins    INTEGER NOT NULL,
	first_seen {text} NOT NULL,
	last_seen  {text} NOT NULL,
	cause      {text} NOT NULL,     -- JSON
	record     {text} NOT NULL      -- JSON of the claim without made_by, with its 20 newest citations unless cited_at names an earlier change that has the same
);
CREATE INDEX changes_claim ON changes (claim_id, sequence);
CREATE INDEX changes_series ON changes (series_id, sequence);
CREATE INDEX changes_id ON changes (id);
CREATE INDEX changes_recent ON changes (last_seen, claim_id, known_at, sequence); -- for lists as of an earlier time

-- One row for each figure that an article prints: what to open first.
CREATE VIEW figures AS
	SELECT c.measure, c.value, c.min, c.max, c.comparator, c.unit, c.counted, c.per, c.category, c.modality,
		c.agent, c.victim, c.place, c.country, c.time_start, c.time_end, c.tier, c.stability, c.text AS claim,
		t.published_at, t.publisher, t.source, t.quote, t.figure, t.url,
		c.origins, c.publishers, t.origin, c.id AS claim_id, c.series_id, t.article_id, t.article_version, t.quote_start, t.quote_end
	FROM claims c JOIN citations t ON t.claim_id = c.id
	WHERE c.state = 'living' AND c.kind = 'quantity';

-- The articles as they are now.
CREATE VIEW current_articles AS
	SELECT * FROM articles a
	WHERE a.sequence = (SELECT MAX(b.sequence) FROM articles b WHERE b.id = a.id);
