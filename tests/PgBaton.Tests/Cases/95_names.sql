-- title: names that look like our own and like SQL's: row, r, old, new, excluded, _oracle_, ctid-like, parameters, very long ones
-- expect: equal
-- @schema
CREATE SCHEMA "$1"; CREATE TABLE "$1"."r" ("r" int PRIMARY KEY, "row" text, "old" int, "new" int, "excluded" int, "$1" text, "_oracle_" int, "select" int, "k" int, "kh" int, "h1" int, "h2" int, "at" int, "hashed" int, "piece" int, "count" int);
CREATE TABLE "$1"."R" ("R" int, "r" int, "row" "$1"."r", PRIMARY KEY ("R")); CREATE TABLE "progress" (lsn pg_lsn, epoch bigint PRIMARY KEY); CREATE TABLE "pgbaton_x" (id int PRIMARY KEY);
CREATE TABLE "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg" ("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg" int PRIMARY KEY, v text); CREATE TABLE "no key" ("r" text, "ctid " text, "row" json);
CREATE TABLE "a;b--c/*" ("""" int PRIMARY KEY, "'" text, "\" text, E text, "{0}" text, "%s" text, ":x" text, "@y" text);
-- @seed
INSERT INTO "$1"."r" SELECT g, 'x', g, g, g, g, g, g, g, g, g, g, g, g FROM generate_series(1, 20) g; INSERT INTO "$1"."R" SELECT r, r, t FROM "$1"."r" t; INSERT INTO "progress" VALUES ('1/1', 1); INSERT INTO "pgbaton_x" VALUES (1); INSERT INTO "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg" VALUES (1, 'v'); INSERT INTO "no key" VALUES ('a', 'b', '{}'), ('a', 'b', '{}'); INSERT INTO "a;b--c/*" VALUES (1, '''', '\', 'e', '0', '%', ':', '@');
-- @cdc
UPDATE "$1"."r" SET "old" = "new" + 1, "$1" = '$1' WHERE r < 5; DELETE FROM "$1"."r" WHERE r = 9; UPDATE "$1"."R" SET "r" = 0, "row"."row" = 'in' WHERE "R" = 3; UPDATE "progress" SET lsn = '2/2'; UPDATE "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg" SET v = 'w'; UPDATE "no key" SET "ctid " = 'c' WHERE ctid = (SELECT min(ctid) FROM "no key"); UPDATE "a;b--c/*" SET "'" = '""', ":x" = ':x', "@y" = '@y', E = '\'; DELETE FROM "pgbaton_x";
