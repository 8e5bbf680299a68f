-- title: columns whose values name objects and transactions of the server: regclass and its like, xid8, pg_lsn, aclitem
-- expect: equal
-- @schema
CREATE SCHEMA o; CREATE TABLE o."Named One" (id int PRIMARY KEY);
CREATE FUNCTION o.f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE TYPE o.mood AS ENUM ('low', 'high');
CREATE TABLE o.t (id int PRIMARY KEY, c regclass, p regproc, pr regprocedure, ty regtype, ns regnamespace, co regconfig, op regoperator, cl regcollation, oids oid, x xid, x8 xid8, ti tid, l pg_lsn, s pg_snapshot, cs regclass[]);
-- @seed
INSERT INTO o.t VALUES (1, 'o."Named One"', 'o.f', 'o.f(int)', 'o.mood', 'o', 'english', '=(int,int)', '"C"', 4294967295, '4294967295', '18446744073709551615', '(4294967295,65535)', 'FFFFFFFF/FFFFFFFF', '10:20:10,14,15', '{o.t,pg_class}'),
 (2, 'pg_class', 'now', '-', 'int[]', 'pg_catalog', 'simple', '||(text,text)', '"default"', 0, '0', '0', '(0,1)', '0/0', '1:1:', '{}'); INSERT INTO o.t (id) VALUES (3);
-- @cdc
UPDATE o.t SET c = 'o.t', ty = 'o.mood[]', cs = '{o."Named One"}' WHERE id = 2;
INSERT INTO o.t (id, c, x8) SELECT 10 + g, 'o.t', g::text::xid8 FROM generate_series(1, 10) g;
UPDATE o.t SET p = 'o.f' WHERE id = 3;
DELETE FROM o.t WHERE id = 1;
