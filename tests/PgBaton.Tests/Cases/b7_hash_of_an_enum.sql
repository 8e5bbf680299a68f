-- title: hash partitions by an enum, an array of enums and a composite with one: the hash of an enum is its oid
-- expect: refused: PB1074
-- @schema
CREATE TYPE e AS ENUM ('a','b','c','d','e','f','g','h'); CREATE TYPE ce AS (e e, n int);
CREATE TABLE h (k e, v int) PARTITION BY HASH (k); CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 0); CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1); CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 2); CREATE TABLE h3 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 3); ALTER TABLE h ADD PRIMARY KEY (k, v);
-- @seed
INSERT INTO h SELECT (enum_range(NULL::e))[1 + g % 8], g FROM generate_series(1, 400) g;
-- @cdc
INSERT INTO h SELECT (enum_range(NULL::e))[1 + g % 8], g + 1000 FROM generate_series(1, 40) g; UPDATE h SET k = 'a' WHERE k = 'b'; DELETE FROM h WHERE v % 7 = 0;
