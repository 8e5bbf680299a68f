-- The foreign keys of ordinary and partitioned tables; not those that partitions have from their root.
SELECT n.nspname::text, c.relname::text, rn.nspname::text, r.relname::text,
       pg_catalog.format('%I.%I', n.nspname, c.relname),
       pg_catalog.quote_ident(k.conname),
       pg_catalog.pg_get_constraintdef(k.oid),
       c.relkind = 'p'
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
  JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
 WHERE k.contype = 'f'
   AND k.conparentid = 0
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
 ORDER BY n.nspname, c.relname, k.conname
