-- What status tells of the journal: one row, read in one snapshot.
WITH begun AS (
    -- When the copy that is under way began: a pause is no time of copying.
    SELECT greatest(s.started_at, (SELECT max(w.ended_at) FROM pgbaton.word w WHERE w.word = 'resume')) AS at, s.done_at
      FROM pgbaton.step s
     WHERE s.name = 'copy'
), running AS (
    -- Rows that are on their way in transactions nobody else can see yet.
    SELECT n.nspname AS schema, c.relname AS name, sum(p.bytes_processed) AS bytes
      FROM pg_catalog.pg_stat_progress_copy p
      JOIN pg_catalog.pg_class c ON c.oid = p.relid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE p.datname = pg_catalog.current_database()
       AND p.command = 'COPY FROM'
     GROUP BY 1, 2
), making AS (
    -- The index itself is not in the catalog yet for anybody else.
    SELECT p.pid, pg_catalog.concat('"', pg_catalog.replace(n.nspname::text, '"', '""'), '"."', pg_catalog.replace(c.relname::text, '"', '""'), '"') AS name, p.phase,
           coalesce(p.tuples_done::float8 / nullif(p.tuples_total, 0), p.blocks_done::float8 / nullif(p.blocks_total, 0), -1)::float8 AS share
      FROM pg_catalog.pg_stat_progress_create_index p
      JOIN pg_catalog.pg_class c ON c.oid = p.relid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE p.datname = pg_catalog.current_database()
), relation AS (
    SELECT r.copied,
           r.bytes_total,
           CASE WHEN r.copied THEN r.bytes_total ELSE least(r.bytes_total, coalesce(done.bytes, 0) + coalesce(running.bytes, 0)) END AS bytes_done,
           coalesce(done.bytes_now, 0) + coalesce(running.bytes, 0) AS bytes_now,
           EXISTS (SELECT FROM pgbaton.verification v WHERE v.schema = r.schema AND v.name = r.name
                      AND v.equal AND (v.lsn IS NULL OR r.copied_at IS NULL OR v.lsn >= r.copied_at)) AS verified
      FROM pgbaton.relation r
      LEFT JOIN running ON running.schema = r.schema AND running.name = r.name
      LEFT JOIN LATERAL (
            SELECT sum(p.bytes) AS bytes,
                   sum(p.bytes) FILTER (WHERE p.done_at >= (SELECT b.at FROM begun b)) AS bytes_now
              FROM pgbaton.part p
             WHERE p.relation = r.oid AND p.generation = r.generation AND p.done_at IS NOT NULL) done ON true
)
SELECT m.name,
       m.source ->> 'address',
       m.target ->> 'address',
       array(SELECT s.name FROM pgbaton.step s WHERE s.done_at IS NULL),
       array(SELECT s.name FROM pgbaton.step s WHERE s.done_at IS NOT NULL),
       p.lsn,
       p.committed_at,
       count(r.*),
       count(r.*) FILTER (WHERE r.copied),
       count(r.*) FILTER (WHERE r.verified),
       coalesce(sum(r.bytes_done), 0)::bigint,
       coalesce(sum(r.bytes_total), 0)::bigint,
       coalesce(sum(r.bytes_now), 0)::bigint,
       -- of the copy in this run
       (SELECT extract(epoch FROM pg_catalog.clock_timestamp() - b.at)::float8 FROM begun b WHERE b.done_at IS NULL),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'writer'),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'heartbeat_at'),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'in_sync_at'),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'last_error'),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'downtime_seconds'),
       (SELECT w.word FROM pgbaton.word w WHERE w.ended_at IS NULL
         ORDER BY w.word IN ('cutover', 'rollback', 'finish', 'abort') DESC, w.id LIMIT 1),
       pg_catalog.clock_timestamp(),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'direction'),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'way_back'),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'paused'),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'schema_compared'),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'max_slot_wal'),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'wal_seen'),
       (SELECT extract(epoch FROM pg_catalog.clock_timestamp() - f.set_at)::float8 FROM pgbaton.fact f WHERE f.key = 'wal_seen'),
       coalesce((m.scope ->> 'offline')::bool, false),
       (SELECT f.value FROM pgbaton.fact f WHERE f.key = 'held'),
       -- the newest of those that compare or turn, with its error if it has one
       (SELECT ARRAY[w.word, w.outcome ->> 'error'] FROM pgbaton.word w
         WHERE w.ended_at IS NOT NULL AND w.word IN ('verify', 'cutover', 'rollback') ORDER BY w.id DESC LIMIT 1),
       array(SELECT i.name FROM making i ORDER BY i.pid),
       array(SELECT i.phase FROM making i ORDER BY i.pid),
       array(SELECT i.share FROM making i ORDER BY i.pid),
       EXISTS (SELECT FROM pgbaton.fact f WHERE f.key = 'source_read_only')
  FROM pgbaton.migration m
  LEFT JOIN pgbaton.progress p ON true
  LEFT JOIN relation r ON true
 GROUP BY m.name, m.source, m.target, m.scope, p.lsn, p.committed_at
