-- Everything in the shop's two schemas that is not a row, one line each, so that two databases can be compared line by line.
WITH mine AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('shop', 'accounting')),
     tables AS (SELECT c.*, format('%I.%I', nspname, relname) AS name FROM pg_class c JOIN mine ON mine.oid = relnamespace)
SELECT line FROM (
    SELECT format('schema %s %s', nspname, obj_description(oid, 'pg_namespace')) FROM mine
    UNION ALL
    SELECT format('%s %s persistence %s identity %s comment %s partition %s', relkind, name, relpersistence, relreplident,
                  obj_description(oid, 'pg_class'), pg_get_expr(relpartbound, oid))
    FROM tables WHERE relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT format('column %s.%I %s not null %s default %s identity %s generated %s storage %s comment %s', name, attname,
                  format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attidentity, attgenerated, attstorage,
                  col_description(t.oid, attnum))
    FROM tables t JOIN pg_attribute a ON attrelid = t.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = t.oid AND adnum = attnum
    WHERE relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT format('index %s valid %s', pg_get_indexdef(indexrelid), indisvalid) FROM pg_index JOIN tables t ON t.oid = indrelid
    UNION ALL
    -- NOT NULL is a constraint with a name since 18, and above all a column's property.
    SELECT format('constraint %s on %s: %s valid %s', conname, name, pg_get_constraintdef(c.oid), convalidated)
    FROM pg_constraint c JOIN tables t ON t.oid = conrelid WHERE contype <> 'n'
    UNION ALL
    SELECT format('trigger %s enabled %s', pg_get_triggerdef(g.oid), tgenabled) FROM pg_trigger g JOIN tables t ON t.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL
    -- Majors differ in how they print a view of a single table; the shop's have two.
    SELECT format('view %s %s', name, pg_get_viewdef(oid)) FROM tables WHERE relkind IN ('v', 'm')
    UNION ALL
    SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN mine ON mine.oid = pronamespace
    UNION ALL
    SELECT format('enum %s %s', enumtypid::regtype, string_agg(enumlabel, ',' ORDER BY enumsortorder)) FROM pg_enum GROUP BY enumtypid
    UNION ALL
    SELECT format('domain %s %s %s', t.oid::regtype, format_type(typbasetype, typtypmod), pg_get_constraintdef(c.oid))
    FROM pg_type t JOIN mine ON mine.oid = typnamespace LEFT JOIN pg_constraint c ON contypid = t.oid AND contype = 'c' WHERE typtype = 'd'
    UNION ALL
    SELECT format('sequence %s %s start %s by %s from %s to %s cycle %s cache %s', name, format_type(seqtypid, NULL), seqstart, seqincrement,
                  seqmin, seqmax, seqcycle, seqcache)
    FROM pg_sequence JOIN tables t ON t.oid = seqrelid
    UNION ALL
    -- What the owner may do is written down differently by different majors.
    SELECT format('grant %s on %s to %s', privilege_type, name, grantee::regrole)
    FROM tables, aclexplode(relacl) WHERE grantee <> relowner
) AS lines (line)
ORDER BY line COLLATE "C"
