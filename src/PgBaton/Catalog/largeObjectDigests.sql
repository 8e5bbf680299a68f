-- Size and a digest of the bytes of the large objects $1 (oids), a megabyte at a time: none of them need fit into memory, or into one value.
SELECT s.oid,
       s.size,
       (SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.string_agg(
                   pg_catalog.sha256(pg_catalog.lo_get(s.oid, n * 1048576, 1048576)), '' ORDER BY n)), 'hex')
          FROM pg_catalog.generate_series(0::bigint, s.size / 1048576) n),
       pg_catalog.lo_close(s.fd)
  FROM (SELECT f.oid, f.fd, pg_catalog.lo_lseek64(f.fd, 0, 2) AS size
          FROM (SELECT o.oid, pg_catalog.lo_open(o.oid, 262144) AS fd -- INV_READ
                  FROM pg_catalog.unnest($1::oid[]) AS o (oid)
                OFFSET 0) f
        OFFSET 0) s
