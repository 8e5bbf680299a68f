-- psql -v transactions=N -v rows=N: large transactions, of inserts, updates and deletes in turn.
CREATE TABLE IF NOT EXISTS bulk (id bigint PRIMARY KEY, account int NOT NULL, amount numeric(12,2) NOT NULL, label text NOT NULL, at timestamptz NOT NULL);
SELECT CASE n % 4
           WHEN 2 THEN format('UPDATE bulk SET amount = amount + 1, label = md5(label) WHERE id > %s AND id <= %s', (n - 2) * :rows, (n - 1) * :rows)
           WHEN 3 THEN format('DELETE FROM bulk WHERE id > %s AND id <= %s', (n - 3) * :rows, (n - 2) * :rows)
           ELSE format('INSERT INTO bulk SELECT g, g %% 1000, g * 0.01, md5(g::text), timestamptz ''2024-01-01'' + g * interval ''1 second'' FROM generate_series(%s, %s) g',
                       n * :rows + 1, (n + 1) * :rows)
       END
  FROM generate_series(0, :transactions - 1) n \gexec
