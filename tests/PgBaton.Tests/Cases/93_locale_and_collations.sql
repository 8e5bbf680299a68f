-- title: collations of ICU and libc, of one's own, in indexes, keys, partitions and domains
-- expect: equal
-- @schema
CREATE COLLATION german (provider = icu, locale = 'de-u-co-phonebk'); CREATE COLLATION insensitive (provider = icu, locale = 'und-u-ks-level1', deterministic = false); CREATE COLLATION copied FROM "C"; CREATE DOMAIN label AS text COLLATE german;
CREATE TABLE t (id int PRIMARY KEY, g text COLLATE german UNIQUE, i text COLLATE insensitive, l label, c varchar COLLATE copied); CREATE INDEX ON t (g COLLATE "C", l); CREATE UNIQUE INDEX ON t (i);
CREATE TABLE p (k text COLLATE "C", v int, PRIMARY KEY (k)) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (MINVALUE) TO ('a'); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('a') TO (MAXVALUE); CREATE TABLE h (k text PRIMARY KEY) PARTITION BY HASH (k); CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- @seed
INSERT INTO t SELECT g, 'Ä' || g, 'x' || g, 'ö' || g, 'c' FROM generate_series(1, 50) g; INSERT INTO p SELECT chr(g), g FROM generate_series(40, 300) g; INSERT INTO h SELECT 'k' || g FROM generate_series(1, 50) g;
-- @cdc
UPDATE t SET i = upper(i) WHERE id < 10; UPDATE t SET g = 'ae' || id WHERE id > 40; UPDATE p SET k = 'Z' || k WHERE v > 250; DELETE FROM p WHERE k = 'B'; UPDATE h SET k = k || 'x' WHERE k < 'k3'; INSERT INTO t VALUES (100, 'ß', 'SS', 'ẞ', '');
