-- psql -v tables=N: tables for transactions that spread over all of them.
SELECT format('CREATE TABLE many_%s (id int PRIMARY KEY, hits int NOT NULL, label text NOT NULL)', n),
       format('INSERT INTO many_%s SELECT g, 0, md5(g::text) FROM generate_series(1, 100) g', n)
  FROM generate_series(1, :tables) n \gexec
