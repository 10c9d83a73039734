
ALTER TABLE changes ADD COLUMN cites TEXT COLLATE "C" NOT NULL DEFAULT '';   -- the citations that it carries, by their numbers; '': record has them
ALTER TABLE changes ADD COLUMN based_on BIGINT NOT NULL DEFAULT 0;           -- the change whose record says the rest of this one; 0: it says all itself
