-- What PostgreSQL 15 lets a schema hold and no later version: nobody could move it, pg_dump and psql included. Each would be refused by name (PB0305).

-- A generated column of a child whose parent's column is not generated: made by INHERIT, refused since 16.
DROP TABLE gtest_normal_child, gtest_normal_child2;
