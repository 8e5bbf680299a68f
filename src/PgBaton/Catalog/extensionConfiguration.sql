-- Tables and sequences of extensions whose rows are the user's (pg_extension_config_dump), with the condition that tells them from the extension's own.
SELECT e.extname::text,
       n.nspname::text,
       c.relname::text,
       c.relkind = 'S',
       x.condition,
       coalesce((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
                   FROM pg_catalog.pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') = ''), '')
  FROM pg_catalog.pg_extension e
 CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) WITH ORDINALITY AS x (relation, condition, place)
  JOIN pg_catalog.pg_class c ON c.oid = x.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'S')
 ORDER BY e.extname, x.place
