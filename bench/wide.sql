-- psql -v rows=N -v tables=N: one wide table of 20 mixed columns with 4 indexes, and small tables with 2 indexes each.
CREATE TABLE wide (
    id          bigint PRIMARY KEY,
    account     int NOT NULL,
    amount      numeric(14,4) NOT NULL,
    rate        float8 NOT NULL,
    active      bool NOT NULL,
    created_at  timestamptz NOT NULL,
    day         date NOT NULL,
    uid         uuid NOT NULL,
    code        char(8) NOT NULL,
    name        text NOT NULL,
    email       varchar(120) NOT NULL,
    note        text,
    payload     jsonb NOT NULL,
    tags        text[] NOT NULL,
    points      int[] NOT NULL,
    raw         bytea NOT NULL,
    span        interval NOT NULL,
    address     inet,
    small       smallint NOT NULL,
    ratio       real NOT NULL
);

INSERT INTO wide
SELECT g, g % 50000, (g % 1000003) * 1.2345, g / 7.0, g % 3 = 0, timestamptz '2020-01-01' + g * interval '37 seconds', date '2020-01-01' + g % 3000,
       md5(g::text)::uuid, substr(md5((g * 7)::text), 1, 8), 'name of ' || g, 'user' || g || '@example.com',
       CASE WHEN g % 4 = 0 THEN repeat(md5((g * 3)::text), 4) END,
       jsonb_build_object('id', g, 'kind', g % 17, 'city', md5((g % 997)::text), 'on', g % 2 = 0), ARRAY['a' || g % 10, 'b' || g % 100],
       ARRAY[g % 10, g % 100, g % 1000], decode(md5((g * 11)::text), 'hex'), g % 1000 * interval '1 minute', ('10.0.' || g % 250 || '.' || g % 240)::inet,
       g % 30000, g % 1000 / 3.0
  FROM generate_series(1, :rows) g;

CREATE INDEX ON wide (account, created_at);
CREATE INDEX ON wide (email);
CREATE INDEX ON wide (uid);

SELECT format('CREATE TABLE small_%s (id int PRIMARY KEY, label text NOT NULL, at timestamptz NOT NULL)', n),
       format('INSERT INTO small_%s SELECT g, md5(g::text), timestamptz ''2024-01-01'' + g * interval ''1 hour'' FROM generate_series(1, 200) g', n),
       format('CREATE INDEX ON small_%s (label)', n)
  FROM generate_series(1, :tables) n \gexec
