-- title: comments on everything, defaults of every kind, a function in a default, sequences of others in a default
-- expect: equal
-- @schema
CREATE SCHEMA "Big Schema"; COMMENT ON SCHEMA "Big Schema" IS 'a ''schema''; -- @schema';
CREATE SEQUENCE "Big Schema".numbers START 50 INCREMENT -5 MAXVALUE 50 MINVALUE -1000 CYCLE CACHE 3;
CREATE FUNCTION "Big Schema".code() RETURNS text LANGUAGE sql AS $f$ SELECT 'INV-' || nextval('"Big Schema".numbers') $f$; COMMENT ON FUNCTION "Big Schema".code() IS $c$it $$ calls $1 :name %s {0}$c$;
CREATE TABLE "Big Schema"."T" ("Id" serial PRIMARY KEY, code text DEFAULT "Big Schema".code(), at timestamptz DEFAULT clock_timestamp(), r float8 DEFAULT random(), n text DEFAULT NULL, a int[] DEFAULT '{1,2}', "who" name DEFAULT session_user);
COMMENT ON TABLE "Big Schema"."T" IS E'line one\nline two; DROP TABLE x;'; COMMENT ON COLUMN "Big Schema"."T"."Id" IS ''; COMMENT ON COLUMN "Big Schema"."T".code IS 'c\d';
CREATE TYPE "Big Schema".e AS ENUM (); ALTER TYPE "Big Schema".e ADD VALUE ''; ALTER TYPE "Big Schema".e ADD VALUE 'b' BEFORE ''; COMMENT ON TYPE "Big Schema".e IS 'enum';
CREATE DOMAIN "Big Schema".d AS int DEFAULT 7 CONSTRAINT positive CHECK (VALUE > 0) NOT NULL; COMMENT ON DOMAIN "Big Schema".d IS 'domain'; COMMENT ON CONSTRAINT positive ON DOMAIN "Big Schema".d IS 'dc';
ALTER TABLE "Big Schema"."T" ADD d "Big Schema".d DEFAULT 9, ADD e "Big Schema".e; CREATE VIEW "Big Schema".v AS SELECT * FROM "Big Schema"."T"; COMMENT ON VIEW "Big Schema".v IS 'view'; COMMENT ON COLUMN "Big Schema".v.code IS 'vc';
ALTER VIEW "Big Schema".v ALTER code SET DEFAULT 'by view';
-- @seed
INSERT INTO "Big Schema"."T" DEFAULT VALUES; INSERT INTO "Big Schema"."T" (code, e) VALUES (NULL, ''), (DEFAULT, 'b');
-- @cdc
INSERT INTO "Big Schema"."T" DEFAULT VALUES; UPDATE "Big Schema"."T" SET code = DEFAULT, at = DEFAULT WHERE "Id" = 1; SELECT nextval('"Big Schema".numbers'); INSERT INTO "Big Schema".v ("Id", d) VALUES (1000, 1);
