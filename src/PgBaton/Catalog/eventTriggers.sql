-- Event triggers that fire, with how they are switched off and on again.
SELECT evtname::text,
       pg_catalog.format('ALTER EVENT TRIGGER %I DISABLE', evtname),
       pg_catalog.format('ALTER EVENT TRIGGER %I ENABLE%s', evtname, CASE evtenabled WHEN 'R' THEN ' REPLICA' WHEN 'A' THEN ' ALWAYS' ELSE '' END)
  FROM pg_catalog.pg_event_trigger
 WHERE evtenabled <> 'D'
 ORDER BY evtname
