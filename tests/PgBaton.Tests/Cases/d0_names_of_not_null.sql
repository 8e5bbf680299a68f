-- title: constraints with the names that a newer server gives to NOT NULL
-- expect: equal
-- @schema
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE t (id int NOT NULL, v int NOT NULL, w int NOT NULL, x int NOT NULL CONSTRAINT t_x_not_null CHECK (x > 0), CONSTRAINT t_id_not_null PRIMARY KEY (id));
ALTER TABLE t ADD CONSTRAINT t_v_not_null CHECK (v IS NOT NULL) NOT VALID, ADD CONSTRAINT t_w_not_null FOREIGN KEY (w) REFERENCES other;
-- @seed
INSERT INTO other VALUES (1); INSERT INTO t SELECT g, g, 1, g FROM generate_series(1, 10) g;
-- @cdc
INSERT INTO t VALUES (11, 11, 1, 11); UPDATE t SET v = v + 100 WHERE id < 3; DELETE FROM t WHERE id = 5;
