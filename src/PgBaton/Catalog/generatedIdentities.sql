-- Of the tables $1 (oids) those with a generated column in the replica identity, and one such column. FULL is every column; $2: tables that are to get it.
SELECT DISTINCT ON (c.oid) c.oid, a.attname::text
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atthasdef AND pg_catalog.to_jsonb(a) ->> 'attgenerated' <> ''
 WHERE c.oid = ANY ($1::oid[])
   AND (c.relreplident = 'f'
        OR c.oid = ANY ($2::oid[])
        OR EXISTS (SELECT FROM pg_catalog.pg_index i
                    WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
                      AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END))
 ORDER BY c.oid, a.attnum
