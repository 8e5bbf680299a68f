(-- Dropped ones included: one that was dropped and made again has the same definition, and other values; so has an attribute of a composite type,
 -- however deep inside of arrays, domains, ranges and other composite types; so has a label of an enum that took another's name.
        SELECT coalesce(pg_catalog.md5(pg_catalog.string_agg(
                   pg_catalog.concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod, a.attisdropped, CASE WHEN a.atthasdef THEN pg_catalog.to_jsonb(a) ->> 'attgenerated' END, CASE WHEN a.atttypid >= 16384 THEN
                       (WITH RECURSIVE inside (type) AS (
                            SELECT a.atttypid
                             UNION
                            SELECT part.type
                              FROM inside i
                              JOIN pg_catalog.pg_type t ON t.oid = i.type
                             CROSS JOIN LATERAL (SELECT t.typelem UNION ALL SELECT t.typbasetype UNION ALL
                                                 SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::oid) UNION ALL
                                                 SELECT pa.atttypid FROM pg_catalog.pg_attribute pa
                                                  WHERE pa.attrelid = t.typrelid AND t.typrelid <> 0 AND pa.attnum > 0 AND NOT pa.attisdropped) part (type)
                             WHERE part.type >= 16384)
                        SELECT pg_catalog.concat_ws(';',
                               (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', ta.attrelid, ta.attnum, ta.attname, ta.atttypid, ta.attisdropped), ',' ORDER BY ta.attrelid, ta.attnum)
                                  FROM inside i
                                  JOIN pg_catalog.pg_type t ON t.oid = i.type
                                  JOIN pg_catalog.pg_attribute ta ON ta.attrelid = t.typrelid AND ta.attrelid <> 0 AND ta.attnum > 0),
                               (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', e.oid, e.enumlabel), ',' ORDER BY e.oid)
                                  FROM inside i JOIN pg_catalog.pg_enum e ON e.enumtypid = i.type))) END), ';' ORDER BY a.attnum)), '')
          FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0)