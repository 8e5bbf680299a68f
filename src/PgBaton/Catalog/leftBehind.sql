-- What belongs to the database and is not carried to the target.
SELECT 'publication ' || pg_catalog.quote_ident(pubname) FROM pg_catalog.pg_publication WHERE pubname NOT LIKE 'pgbaton\_%'
UNION ALL
SELECT 'subscription ' || pg_catalog.quote_ident(subname)
  FROM pg_catalog.pg_subscription
 WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
UNION ALL
SELECT pg_catalog.format('tablespace %I of %s relations', t.spcname, count(*))
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
 WHERE c.reltablespace <> 0 AND t.spcname NOT LIKE 'pg\_%'
 GROUP BY t.spcname
 ORDER BY 1
