-- title: keys whose equality is weaker than their bytes: citext, char(n), numeric, float, a collation that ignores case
-- expect: equal
-- @schema
CREATE EXTENSION citext WITH SCHEMA public;
CREATE COLLATION no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE ci (k public.citext PRIMARY KEY, v int); CREATE TABLE cn (k char(5) PRIMARY KEY, v int); CREATE TABLE nu (k numeric PRIMARY KEY, v int);
CREATE TABLE fl (k float8 PRIMARY KEY, v int); CREATE TABLE nd (k text COLLATE no_case PRIMARY KEY, v int);
CREATE TABLE two (a public.citext, b numeric, v int, PRIMARY KEY (b, a) INCLUDE (v));
CREATE TABLE iv (k interval PRIMARY KEY, v int);
-- @seed
INSERT INTO ci VALUES ('Abc', 1), ('xyz', 2); INSERT INTO cn VALUES ('ab', 1), ('', 2); INSERT INTO nu VALUES (1.0, 1), (2, 2), ('NaN', 3), (1e40, 4);
INSERT INTO fl VALUES (0, 1), ('NaN', 2), (0.1, 3); INSERT INTO nd VALUES ('Straße', 1), ('b', 2); INSERT INTO two VALUES ('A', 1.0, 1), ('B', 2, 2); INSERT INTO iv VALUES ('1 mon', 1), ('31 days', 2);
-- @cdc
UPDATE ci SET k = 'ABC' WHERE k = 'abc'; UPDATE ci SET v = 9 WHERE k = 'ABC'; UPDATE cn SET v = 5 WHERE k = 'ab   '; UPDATE nu SET k = 1.000 WHERE k = 1; UPDATE nu SET v = 7 WHERE k = 1;
UPDATE fl SET k = '-0' WHERE k = 0; UPDATE fl SET v = 8 WHERE k = 'NaN'; DELETE FROM fl WHERE k = 0.1;
UPDATE nd SET k = 'STRASSE2' WHERE k = 'straße'; UPDATE nd SET k = 'B' WHERE k = 'b'; UPDATE nd SET v = 10 WHERE k = 'b';
UPDATE two SET a = 'a', b = 1.00 WHERE a = 'A'; UPDATE two SET v = 11 WHERE b = 1; DELETE FROM two WHERE a = 'b';
UPDATE iv SET k = '30 days' WHERE k = '1 mon'; UPDATE iv SET v = 3 WHERE k = '1 mon';
INSERT INTO ci SELECT 'k' || g, g FROM generate_series(1, 20) g; DELETE FROM ci WHERE k = 'K7';
