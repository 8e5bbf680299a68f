(-- Dropped ones included: one that was dropped and made again has the same definition, and other values; so has an attribute of a composite type.
        SELECT coalesce(pg_catalog.md5(pg_catalog.string_agg(
                   pg_catalog.concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod, a.attisdropped, pg_catalog.to_jsonb(a) ->> 'attgenerated', CASE WHEN a.atttypid >= 16384 THEN
                       (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', ta.attnum, ta.attname, ta.atttypid, ta.attisdropped), ',' ORDER BY ta.attrelid, ta.attnum)
                          FROM pg_catalog.pg_type t
                          LEFT JOIN pg_catalog.pg_type e ON e.oid IN (t.typelem, t.typbasetype)
                          JOIN pg_catalog.pg_attribute ta ON ta.attrelid IN (t.typrelid, e.typrelid) AND ta.attrelid <> 0 AND ta.attnum > 0
                         WHERE t.oid = a.atttypid) END), ';' ORDER BY a.attnum)), '')
          FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0)