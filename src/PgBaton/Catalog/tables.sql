-- The tables that hold rows of their own (ordinary tables and leaf partitions) and the roots and inner nodes of partition trees,
-- biggest first. Not those of extensions, of the system, of temporary sessions and of pgbaton itself.
SELECT c.oid,
       n.nspname::text,
       c.relname::text,
       c.relkind::text,
       c.relpersistence::text,
       c.relispartition,
       c.relreplident::text,
       -- a key that replica identity DEFAULT would use: a primary key that is not deferrable
       EXISTS (SELECT FROM pg_catalog.pg_index i
                WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid) AS has_key,
       -- the replica identity really in force can find a row
       CASE c.relreplident
           WHEN 'f' THEN true
           WHEN 'n' THEN false
           WHEN 'i' THEN EXISTS (SELECT FROM pg_catalog.pg_index i
                                  WHERE i.indrelid = c.oid AND i.indisreplident AND i.indimmediate AND i.indisvalid)
           ELSE EXISTS (SELECT FROM pg_catalog.pg_index i
                         WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid)
       END AS has_identity,
       -- null for a table that an older snapshot still shows and that is gone
       CASE WHEN c.relkind = 'p' THEN 0 ELSE coalesce(pg_catalog.pg_table_size(c.oid), 0) END AS bytes,
       greatest(c.reltuples, 0)::bigint AS rows_estimate,
       EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid) AS has_children,
       -- changes when the table is rewritten or truncated; in a snapshot as of then
       c.relfilenode,
       $columns$ AS columns
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')
   AND c.relpersistence IN ('p', 'u')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton')
   AND n.nspname NOT LIKE 'pg\_temp\_%'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 10 DESC, n.nspname, c.relname
