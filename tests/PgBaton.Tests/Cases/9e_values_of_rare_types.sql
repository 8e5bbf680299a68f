-- title: cursors, command ids and old snapshots as values, objects that are gone, time zones of seconds, the same enum twice
-- expect: equal
-- @schema
CREATE SCHEMA s1; CREATE SCHEMA s2; CREATE TYPE s1.state AS ENUM ('on', 'off'); CREATE TYPE s2.state AS ENUM ('off', 'on', 'Off');
CREATE TABLE s1.t (id int PRIMARY KEY, a s1.state, b s2.state, both_of s2.state[], rc refcursor, c cid, ts txid_snapshot, r regrole, d regdictionary, o regoper, gone regclass, gone_fn regproc, gone_type regtype);
CREATE TABLE s2.t (a s2.state, b s1.state, i interval(2), iy interval year to month, d interval day to second(0), t time(1), ts timestamp(0), tz timestamptz(3), n numeric(5, 2), v varchar, c char, b8 bit varying(8), nn name[]);
CREATE TABLE s2.by_state (k s2.state PRIMARY KEY, v int);
-- @seed
INSERT INTO s1.t VALUES (1, 'on', 'on', '{off,Off}', '<unnamed portal 1>', '4294967295', '10:20:10,14', 'pg_monitor', 'simple', 'pg_catalog.||/', 4294967290::oid::regclass, 4294967291::oid::regproc, 4294967292::oid::regtype),
 (2, 'off', 'Off', '{}', '', '0', '1:1:', 0::oid::regrole, 'english_stem', 0::oid::regoper, 0::oid::regclass, 0::oid::regproc, 0::oid::regtype), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO s2.t SELECT (ARRAY['off', 'on', 'Off'])[1 + g % 3]::s2.state, 'on', g * interval '1.239 seconds', interval '-5 years 7 months', g * interval '1 hour 0.6 seconds', '12:00:00.16', timestamp '2000-01-01' + g * interval '0.5 seconds', '1890-01-01 00:00:00.0005+00', g / 7.0, 'v', '', B'101', '{a,"b c",""}' FROM generate_series(1, 9) g;
INSERT INTO s2.by_state VALUES ('on', 1), ('Off', 2);
-- @cdc
UPDATE s1.t SET gone = 4294967280::oid::regclass, b = 'off', r = 'pg_read_all_data' WHERE id = 1; UPDATE s1.t SET rc = 'c"u''r\s', c = '7', ts = '5:9:5,6,7', both_of = both_of || 'on'::s2.state WHERE id = 2; INSERT INTO s1.t (id, gone_fn) VALUES (4, 4294967281::oid::regproc); DELETE FROM s1.t WHERE id = 3;
UPDATE s2.t SET a = 'Off' WHERE i = interval '1.24'; DELETE FROM s2.t WHERE a = 'on'; UPDATE s2.by_state SET k = 'off', v = 3 WHERE k = 'on'; INSERT INTO s2.by_state VALUES ('on', 4); DELETE FROM s2.by_state WHERE k = 'Off';
