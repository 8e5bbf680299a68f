-- For every table that can hold rows or has partitions: its file, whether the gate is armed, and a digest of its columns.
SELECT n.nspname::text,
       c.relname::text,
       -- not relfilenode: this one is right whatever snapshot the transaction has
       coalesce(pg_catalog.pg_relation_filenode(c.oid), 0::oid),
       EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'pgbaton_gate' AND t.tgenabled = 'A'),
       $columns$
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')
   AND c.relpersistence IN ('p', 'u')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
