-- The columns of every table by number; NULL stands for one that was dropped, and its number is never used again. No row for a table without columns.
SELECT a.attrelid, pg_catalog.array_agg(CASE WHEN NOT a.attisdropped THEN a.attname::text END ORDER BY a.attnum)
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE a.attnum > 0
   AND c.relkind IN ('r', 'p')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton')
 GROUP BY a.attrelid
