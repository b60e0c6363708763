-- Conversations and what is said in them, tasks, files; operators and their sessions.
--
-- A conversation's row is small and changes with every message; its messages lie together, in order, under its number. Numbers are
-- never given twice (AUTOINCREMENT), since messages of one that is gone may still be on their way out (see doomed).
-- `change` is the site's counter of chat changes, in site_change: never lower than before, also when rows have gone.

CREATE TABLE site_change (
  site INTEGER PRIMARY KEY,
  change INTEGER NOT NULL
);

CREATE TABLE conversation (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  site INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  visitor TEXT NOT NULL,
  state INTEGER NOT NULL,          -- ConversationState
  operator TEXT NOT NULL,
  skill TEXT NOT NULL,
  team TEXT NOT NULL,              -- the wanted group
  rule TEXT NOT NULL,
  offer TEXT NOT NULL,
  last_seq INTEGER NOT NULL,
  version INTEGER NOT NULL,
  change INTEGER NOT NULL,
  created INTEGER NOT NULL,
  waiting_since INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  last_visitor_at INTEGER NOT NULL,
  last_operator_at INTEGER NOT NULL,
  visitor_read INTEGER NOT NULL,
  visitor_delivered INTEGER NOT NULL,
  operator_read INTEGER NOT NULL,
  visitor_unread INTEGER NOT NULL,
  operator_unread INTEGER NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  language TEXT NOT NULL,
  preview TEXT NOT NULL,
  preview_author INTEGER NOT NULL  -- Author
);
CREATE UNIQUE INDEX conversation_by_visitor ON conversation (site, visitor);
CREATE INDEX conversation_by_change ON conversation (site, change);
CREATE INDEX conversation_open ON conversation (site) WHERE state <> 2;

CREATE TABLE context (
  conversation INTEGER PRIMARY KEY,
  json TEXT NOT NULL
);

CREATE TABLE message (
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author INTEGER NOT NULL,         -- Author
  operator TEXT NOT NULL,
  name TEXT NOT NULL,
  kind INTEGER NOT NULL,           -- MessageKind
  body TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (conversation, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX message_by_key ON message (conversation, author, key) WHERE key <> '';

-- Conversations whose rows are gone and whose messages are going, stretch by stretch.
CREATE TABLE doomed (
  conversation INTEGER PRIMARY KEY
);

-- Erased and purged ones, so that whoever follows the site forgets them.
CREATE TABLE gone (
  site INTEGER NOT NULL,
  change INTEGER NOT NULL,
  what INTEGER NOT NULL,           -- 0: a conversation, 1: a task
  id TEXT NOT NULL,
  PRIMARY KEY (site, change)
) WITHOUT ROWID;

CREATE TABLE task (
  number INTEGER PRIMARY KEY,
  site INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL,
  kind INTEGER NOT NULL,           -- TaskKind
  visitor TEXT NOT NULL,
  conversation TEXT NOT NULL,
  offer TEXT NOT NULL,
  rule TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  text TEXT NOT NULL,
  page TEXT NOT NULL,
  t INTEGER NOT NULL,
  state INTEGER NOT NULL,          -- TaskState
  done_by TEXT NOT NULL,
  done_at INTEGER NOT NULL,
  change INTEGER NOT NULL,
  UNIQUE (site, visitor, key)
);
CREATE INDEX task_by_change ON task (site, change);
CREATE INDEX task_open ON task (site) WHERE state = 0;
CREATE INDEX task_by_conversation ON task (conversation) WHERE conversation <> '';

-- A callback was the first kind of task. Whoever asked for one before the tables changed, and asks again with the same key, is known.
INSERT INTO task (site, id, key, kind, visitor, conversation, offer, rule, name, phone, email, text, page, t, state, done_by, done_at,
                  change)
  SELECT site, 't_' || lower(hex(randomblob(11))), key, 0, visitor, '', offer, rule, name, phone, '', '', page, t, 0, '', 0,
         row_number() OVER (PARTITION BY site ORDER BY id)
  FROM callback ORDER BY id;
INSERT INTO site_change (site, change) SELECT site, count(*) FROM task GROUP BY site;
DROP TABLE callback;

CREATE TABLE file (
  number INTEGER PRIMARY KEY,
  site INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  conversation TEXT NOT NULL,      -- '': not said yet
  visitor TEXT NOT NULL,
  operator TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX file_by_conversation ON file (conversation);
CREATE INDEX file_by_visitor ON file (visitor);

CREATE TABLE operator (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  picture TEXT NOT NULL,
  role INTEGER NOT NULL,           -- Role
  password_hash TEXT NOT NULL,     -- argon2id
  capacity INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  created INTEGER NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE operator_tag (
  operator INTEGER NOT NULL,
  what INTEGER NOT NULL,           -- 0: a skill, 1: a group, 2: a site's id
  place INTEGER NOT NULL,          -- counts up from 0
  tag TEXT NOT NULL,
  PRIMARY KEY (operator, what, place)
) WITHOUT ROWID;

CREATE TABLE session (
  number INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,       -- keyed hash, 32 bytes; the token is kept nowhere
  operator TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
);
CREATE INDEX session_by_operator ON session (operator);
