-- The columns of the tables $1 (oids), in the order of the table. Dropped ones are left out.
SELECT a.attrelid,
       a.attnum,
       a.attname::text,
       a.atttypid,
       a.atttypmod,
       pg_catalog.format_type(a.atttypid, a.atttypmod),
       t.typtype::text,
       t.typcategory::text,
       a.attnotnull,
       a.attidentity::text,
       CASE WHEN a.atthasdef AND pg_catalog.current_setting('server_version_num')::int >= 120000 -- What is generated has an expression in pg_attrdef.
            THEN coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') ELSE '' END,
       -- its place in the primary key, from 1; a deferrable one does not count; 0 if it has none
       coalesce(pg_catalog.array_position(pk.indkey::int2[], a.attnum) + 1, 0)
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_index pk ON pk.indrelid = a.attrelid AND pk.indisprimary AND pk.indisvalid AND pk.indimmediate
 WHERE a.attrelid = ANY ($1::oid[])
   AND a.attnum > 0
   AND NOT a.attisdropped
 ORDER BY a.attrelid, a.attnum
