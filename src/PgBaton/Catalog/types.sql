-- The types $1 (oids) and all that they are made of: elements of arrays, bases of domains, subtypes of ranges, attributes of composites.
WITH RECURSIVE used (oid) AS (
    SELECT pg_catalog.unnest($1::oid[])
     UNION
    SELECT made.of
      FROM used u
      JOIN pg_catalog.pg_type t ON t.oid = u.oid
      CROSS JOIN LATERAL (
          SELECT t.typelem AS of WHERE t.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc
           UNION ALL
          SELECT t.typbasetype WHERE t.typtype = 'd'
           UNION ALL
          SELECT r.rngsubtype FROM pg_catalog.pg_range r
           -- rngmultitypid came with 14
           WHERE t.oid IN (r.rngtypid, (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::oid)
           UNION ALL
          SELECT a.atttypid FROM pg_catalog.pg_attribute a
           WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
      ) made
)
SELECT t.oid,
       n.nspname::text,
       t.typname::text,
       t.typtype::text,
       t.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc,
       t.typsend::oid <> 0 AND t.typreceive::oid <> 0,
       -- what an array, a domain or a range is made of; 0 for other types
       CASE WHEN t.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc THEN t.typelem
            WHEN t.typtype = 'd' THEN t.typbasetype
            ELSE coalesce((SELECT r.rngsubtype FROM pg_catalog.pg_range r
                            WHERE t.oid IN (r.rngtypid, (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::oid)), 0)
       END,
       coalesce((SELECT pg_catalog.array_agg(a.atttypid ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
                  WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '{}'),
       -- the extension it belongs to, with its version
       (SELECT e.extname || ' ' || e.extversion
          FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
         WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e'
           AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass)
  FROM used u
  JOIN pg_catalog.pg_type t ON t.oid = u.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
