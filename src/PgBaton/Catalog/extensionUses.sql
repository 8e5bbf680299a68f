-- What needs each extension of this database: objects of users that stand on it, or on something that it made. The catalog does not know what the
-- text of a function says.
WITH RECURSIVE part (extension, class, object) AS (
    SELECT e.extname, 'pg_catalog.pg_extension'::pg_catalog.regclass::oid, e.oid
      FROM pg_catalog.pg_extension e
     WHERE e.extname <> 'plpgsql'
     UNION
    SELECT p.extension, d.classid, d.objid
      FROM part p
      JOIN pg_catalog.pg_depend d ON d.refclassid = p.class AND d.refobjid = p.object
     WHERE d.deptype IN ('e', 'i')
        OR (d.classid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refclassid = d.classid) -- what needs earthdistance needs cube
), need (extension, class, object) AS (
    SELECT DISTINCT p.extension, d.classid, d.objid
      FROM part p
      JOIN pg_catalog.pg_depend d ON d.refclassid = p.class AND d.refobjid = p.object AND d.deptype NOT IN ('e', 'i')
     WHERE NOT EXISTS (SELECT FROM part other WHERE other.class = d.classid AND other.object = d.objid)
), placed AS (
    SELECT n.*,
           CASE n.class -- the relation that it is, or is part of
               WHEN 'pg_catalog.pg_class'::pg_catalog.regclass
               THEN coalesce((SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = n.object), n.object)
               WHEN 'pg_catalog.pg_attrdef'::pg_catalog.regclass THEN (SELECT a.adrelid FROM pg_catalog.pg_attrdef a WHERE a.oid = n.object)
               WHEN 'pg_catalog.pg_constraint'::pg_catalog.regclass
               THEN (SELECT nullif(k.conrelid, 0) FROM pg_catalog.pg_constraint k WHERE k.oid = n.object)
               WHEN 'pg_catalog.pg_trigger'::pg_catalog.regclass THEN (SELECT t.tgrelid FROM pg_catalog.pg_trigger t WHERE t.oid = n.object)
               WHEN 'pg_catalog.pg_rewrite'::pg_catalog.regclass THEN (SELECT r.ev_class FROM pg_catalog.pg_rewrite r WHERE r.oid = n.object)
               WHEN 'pg_catalog.pg_policy'::pg_catalog.regclass THEN (SELECT l.polrelid FROM pg_catalog.pg_policy l WHERE l.oid = n.object)
           END AS relation
      FROM need n
)
SELECT p.extension::text,
       coalesce(s.nspname::text, (pg_catalog.pg_identify_object(p.class, p.object, 0)).schema, ''),
       coalesce(c.relname::text, ''),
       CASE WHEN c.oid IS NULL THEN pg_catalog.pg_describe_object(p.class, p.object, 0)
            ELSE pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0) END
  FROM placed p
  LEFT JOIN pg_catalog.pg_class c ON c.oid = p.relation
  LEFT JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
 WHERE c.relkind IS DISTINCT FROM 't'
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 2, 3, 4
