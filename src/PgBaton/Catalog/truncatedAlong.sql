-- Tables that refer by foreign keys to some of $1 (qualified and quoted), or to one another, and are in no stream: roots of partitions and unlogged tables.
-- On the source they were truncated in the same command; the server refuses it without them. A root stands for its partitions, which are in $1.
WITH RECURSIVE together (oid) AS (
    SELECT pg_catalog.to_regclass(t.name)::oid FROM unnest($1::text[]) AS t (name)
     UNION
    SELECT k.conrelid
      FROM together
      JOIN pg_catalog.pg_constraint k ON k.confrelid = together.oid AND k.contype = 'f'
      JOIN pg_catalog.pg_class c ON c.oid = k.conrelid AND (c.relkind = 'p' OR c.relpersistence = 'u')
)
SELECT n.nspname::text, c.relname::text, c.relkind = 'p'
  FROM together
  JOIN pg_catalog.pg_class c ON c.oid = together.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid <> ALL (ARRAY (SELECT pg_catalog.to_regclass(t.name)::oid FROM unnest($1::text[]) AS t (name)))
   -- Of a root every partition must be among them.
   AND NOT EXISTS (WITH RECURSIVE tree (oid) AS (
                       SELECT c.oid
                        UNION ALL
                       SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)
                   SELECT FROM tree
                     JOIN pg_catalog.pg_class pc ON pc.oid = tree.oid AND pc.relkind = 'r' AND pc.relpersistence = 'p'
                    WHERE tree.oid <> ALL (ARRAY (SELECT pg_catalog.to_regclass(t.name)::oid FROM unnest($1::text[]) AS t (name))))
 ORDER BY 1, 2
