-- title: tables that were made by themselves and became children later keep the order of their columns
-- expect: equal
-- @schema
CREATE TABLE p (id int PRIMARY KEY, v text NOT NULL, late text COLLATE "C", later int NOT NULL CHECK (later >= 0), CHECK (v <> 'never'));
CREATE TABLE q ("when" date);
CREATE TABLE lone (own int DEFAULT 7, "when" date, v text CONSTRAINT v_there NOT NULL, id int NOT NULL, late text COLLATE "C", later int NOT NULL, "Odd, (name" int[], PRIMARY KEY (id));
ALTER TABLE lone ADD CONSTRAINT p_v_check CHECK (v <> 'never'), ADD CONSTRAINT p_later_check CHECK (later >= 0);
ALTER TABLE lone INHERIT q; ALTER TABLE lone INHERIT p;
CREATE VIEW over_all AS SELECT * FROM p;
ALTER TABLE q REPLICA IDENTITY FULL;
-- @seed
INSERT INTO p VALUES (1, 'p', 'l', 1);
INSERT INTO lone VALUES (4, '2026-01-01', 'lone', 4, 'l', 4, '{1,2}');
-- @cdc
INSERT INTO lone VALUES (14, '2026-01-01', 'lone', 14, 'l', 4, '{}');
UPDATE p SET later = later + 1;
DELETE FROM p WHERE id = 4;
