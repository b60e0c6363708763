-- Visitors, what they did, what was decided, what became of the offers.
--
-- The big tables (journal, decision, offer) are only ever appended to. Their key is the instant in milliseconds, shifted left by 21
-- bits, plus a number that tells rows of one instant apart: a span of time is a range of keys, new rows come at the end, and no
-- further index has to be kept while visitors are browsing.

CREATE TABLE site (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE          -- '' is the server itself
);

CREATE TABLE setting (
  site INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (site, key)
) WITHOUT ROWID;

CREATE TABLE run (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  started INTEGER NOT NULL,
  stopped INTEGER,                 -- NULL: still running, or it died
  version TEXT NOT NULL
);

CREATE TABLE visitor (
  number INTEGER PRIMARY KEY,
  site INTEGER NOT NULL,
  id TEXT NOT NULL,
  snapshot TEXT NOT NULL,          -- JSON
  token_hash BLOB,                 -- keyed hash, 32 bytes; the token is kept nowhere
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  identity TEXT,
  UNIQUE (site, id)
);
CREATE INDEX visitor_by_identity ON visitor (site, identity) WHERE identity IS NOT NULL;

CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  site INTEGER NOT NULL,
  shard INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  visitor TEXT NOT NULL,           -- '': a line about the site
  line TEXT NOT NULL
);

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  site INTEGER NOT NULL,
  visitor TEXT NOT NULL,
  tab TEXT NOT NULL,
  rule TEXT NOT NULL,
  verdict INTEGER NOT NULL,        -- rules::Verdict
  variant TEXT NOT NULL,
  why TEXT NOT NULL
);

CREATE TABLE offer (
  id INTEGER PRIMARY KEY,
  site INTEGER NOT NULL,
  offer TEXT NOT NULL,
  stage INTEGER NOT NULL,          -- OfferStage
  rule TEXT NOT NULL,
  variant TEXT NOT NULL,
  part INTEGER NOT NULL,           -- OfferGroup
  visitor TEXT NOT NULL,
  tab TEXT NOT NULL,
  page TEXT NOT NULL
);

CREATE TABLE callback (
  id INTEGER PRIMARY KEY,
  site INTEGER NOT NULL,
  key TEXT NOT NULL,
  offer TEXT NOT NULL,
  rule TEXT NOT NULL,
  visitor TEXT NOT NULL,
  t INTEGER NOT NULL,
  phone TEXT NOT NULL,
  name TEXT NOT NULL,
  page TEXT NOT NULL,
  UNIQUE (site, key)
);

CREATE TABLE survey (
  id INTEGER PRIMARY KEY,
  site INTEGER NOT NULL,
  key TEXT NOT NULL,
  offer TEXT NOT NULL,
  rule TEXT NOT NULL,
  visitor TEXT NOT NULL,
  t INTEGER NOT NULL,
  score INTEGER NOT NULL,
  comment TEXT NOT NULL,
  UNIQUE (site, key)
);
