-- For every table that can hold rows or has partitions: its file, whether the gate is armed, and a digest of its columns, dropped ones included.
SELECT n.nspname::text,
       c.relname::text,
       -- not relfilenode: this one is right whatever snapshot the transaction has
       coalesce(pg_catalog.pg_relation_filenode(c.oid), 0::oid),
       EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'pgbaton_gate' AND t.tgenabled = 'A'),
       coalesce(pg_catalog.md5(pg_catalog.string_agg(
           pg_catalog.concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod, a.attisdropped, pg_catalog.to_jsonb(a) ->> 'attgenerated'),
           ',' ORDER BY a.attnum)), '')
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
 WHERE c.relkind IN ('r', 'p')
   AND c.relpersistence IN ('p', 'u')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
 GROUP BY c.oid, n.nspname, c.relname
