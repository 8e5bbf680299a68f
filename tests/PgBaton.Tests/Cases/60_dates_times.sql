-- title: dates, times and intervals at the edges of their types, under a hostile DateStyle and IntervalStyle of the database
-- expect: equal
-- @schema
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET DateStyle = ''SQL, DMY''', current_database());
  EXECUTE format('ALTER DATABASE %I SET IntervalStyle = ''sql_standard''', current_database());
  EXECUTE format('ALTER DATABASE %I SET TimeZone = ''America/St_Johns''', current_database());
  EXECUTE format('ALTER DATABASE %I SET extra_float_digits = -5', current_database());
END $$;
CREATE TABLE moments (id int PRIMARY KEY, d date, t time, tz timetz, ts timestamp, tstz timestamptz, i interval, f float8, r real);
CREATE TABLE without_key (d date, ts timestamptz, i interval, f float8);
ALTER TABLE without_key REPLICA IDENTITY FULL;
-- @seed
INSERT INTO moments VALUES
 (1, 'infinity', '24:00:00', '24:00:00+15:59:59', 'infinity', '-infinity', '1 mon -1 day +00:00:01', 0.1::float8 + 0.2, 1.1),
 (2, '4713-01-01 BC', '00:00:00', '00:00:00-15:59:59', '4713-01-01 00:00:00 BC', '294276-12-31 23:59:59.999999+00', '-178000000 years', '5e-324', 'NaN'),
 (3, '5874897-12-31', '23:59:59.999999', '12:00+05:30', '0001-01-01', '2024-11-03 01:30:00-02:30', '30 days', '-0', '-infinity'),
 (4, '2003-02-01', NULL, NULL, '1999-12-31 23:59:60', '1883-11-18 12:03:57-04:56:02', '1 mon', 1e308, 3.4e38),
 (5, NULL, NULL, NULL, NULL, NULL, '24:00:00', NULL, NULL), (6, NULL, NULL, NULL, NULL, NULL, '1 day', NULL, NULL);
INSERT INTO without_key VALUES ('2003-02-01', '2024-11-03 01:30:00-02:30', '1 mon', 0.1), ('2003-01-02', '2024-11-03 01:30:00-02:30', '30 days', '-0'),
 ('2003-01-02', '2024-11-03 01:30:00-02:30', '30 days', '0');
-- @cdc
UPDATE moments SET d = '0044-03-15 BC', i = '-1 mon +1 day -00:00:01', f = 1::float8 / 3 WHERE id = 1;
UPDATE moments SET tz = '01:02:03.000004-11', ts = '2003-02-01 04:05:06.789' WHERE id = 4;
INSERT INTO moments SELECT 10 + g, date '2000-01-31' + g, NULL, NULL, NULL, timestamptz 'epoch' + g * interval '1 month', g * interval '1 mon -1 hour', exp(g) FROM generate_series(1, 20) g;
DELETE FROM moments WHERE i = '1 mon' AND id IN (4);
UPDATE without_key SET i = '31 days' WHERE f::text = '-0';
DELETE FROM without_key WHERE d = '2003-02-01';
