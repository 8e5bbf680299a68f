-- title: hash partitions by a text whose collation ignores case: what ICU sorts by may be another version on the target
-- @schema
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE h (k text COLLATE ci, v int, PRIMARY KEY (k, v)) PARTITION BY HASH (k); CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- @seed
INSERT INTO h SELECT (ARRAY['a','A','b','x','X','y'])[1 + g % 6], g FROM generate_series(1, 60) g;
-- @cdc
UPDATE h SET k = upper(k) WHERE v < 30; INSERT INTO h VALUES ('Z', 1); DELETE FROM h WHERE k = 'b' AND v < 20;
