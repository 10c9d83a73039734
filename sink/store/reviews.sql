-- What people decided about claims: who, when and why.
CREATE TABLE reviews (
	n           {serial},
	id          {text} NOT NULL UNIQUE,
	sequence    BIGINT NOT NULL, -- in the stream REVIEWS
	at          {text} NOT NULL,
	by          {text} NOT NULL,
	why         {text} NOT NULL,
	action      {text} NOT NULL, -- reject, fix, merge, split, block
	slot        {text} NOT NULL, -- of a fix
	source      {text} NOT NULL, -- of a block: publisher domain or entity id
	article_id  {text} NOT NULL, -- where the words stand that it is about
	text_sha256 {text} NOT NULL,
	record      {text} NOT NULL
);
CREATE INDEX reviews_text ON reviews (text_sha256);
