-- Tables that inherit or are inherited, and are no partitions: their parents, their columns in order, those of them that may not be null, and whether each
-- column and check is also the table's own. Of generated columns pg_dump does not say so in a child.
SELECT c.oid,
       n.nspname::text,
       c.relname::text,
       array(SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
       array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attname IS NOT NULL),
       array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attnotnull),
       coalesce(bool_and(a.attislocal AND (NOT a.atthasdef OR coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') = '')), true)
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND NOT k.conislocal)
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'f')
   AND NOT c.relispartition
   AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent))
 GROUP BY c.oid, n.nspname, c.relname
