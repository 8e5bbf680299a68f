using System.Globalization;

namespace PgBaton.Tests.Relay;

/// <summary>
/// Tables of every kind that matters to how changes are applied, and transactions that do to them whatever comes: the same for the same seed. What the
/// source refuses in one of them (a value that is there already) did not happen.
/// </summary>
sealed class RandomHistory(int seed)
{
    const int Keys = 40; // Few, so that the same rows are met again and again.

    readonly Random _random = new(seed);

    /// <summary>For both sides.</summary>
    public const string Schema =
        """
        CREATE TYPE mood AS ENUM ('good', 'NULL', 'so, so');
        CREATE TYPE pair AS (a int, b text);
        CREATE DOMAIN short AS varchar(8);
        CREATE DOMAIN counts AS int[];
        CREATE TABLE h_int (k int PRIMARY KEY, v text, n numeric, twice int GENERATED ALWAYS AS (k * 2) STORED, u int UNIQUE);
        CREATE TABLE h_two (a text, b int, v text, x bytea, PRIMARY KEY (a, b));
        CREATE TABLE h_numeric (k numeric PRIMARY KEY, v float8, r int4range, EXCLUDE USING gist (r WITH &&));
        CREATE TABLE h_wide (k uuid PRIMARY KEY, big text, a int[], t text[], c pair, m mood, d short, b box, j jsonb, w bit(3), i int2vector);
        ALTER TABLE h_wide ALTER big SET STORAGE EXTERNAL;
        CREATE TABLE h_full (k int PRIMARY KEY, v text, big text);
        ALTER TABLE h_full ALTER big SET STORAGE EXTERNAL;
        ALTER TABLE h_full REPLICA IDENTITY FULL;
        CREATE TABLE h_bag (a int, v text);
        ALTER TABLE h_bag REPLICA IDENTITY FULL;
        CREATE TABLE h_index (k int NOT NULL, u int, v char(5));
        CREATE UNIQUE INDEX h_index_key ON h_index (k);
        ALTER TABLE h_index REPLICA IDENTITY USING INDEX h_index_key;
        CREATE TABLE h_log (at int, v text);
        ALTER TABLE h_log REPLICA IDENTITY NOTHING;
        CREATE TABLE h_domain (k int PRIMARY KEY, c counts);
        CREATE TABLE h_key_only (a int PRIMARY KEY);
        CREATE DOMAIN feeling AS mood;
        CREATE TABLE h_feeling (k feeling PRIMARY KEY, v int);
        CREATE TABLE h_pair (k pair PRIMARY KEY, v int)
        """;

    /// <summary>Rows to begin with, in tables whose changes can all be written as sets.</summary>
    public const string Settled =
        """
        INSERT INTO h_int VALUES (1, 'a', 1.0), (2, 'b', 1.00), (3, NULL, NULL);
        UPDATE h_int SET u = k;
        INSERT INTO h_two VALUES ('', 1, 'x', '\x00'), ('"', 2, 'y', NULL);
        INSERT INTO h_numeric VALUES (1, 1), (2, 2);
        INSERT INTO h_wide VALUES ('00000000-0000-0000-0000-000000000001', repeat('y', 5000), '{1,NULL}', '{a}', (1, NULL), 'so, so', 'x', '(1,2),(3,4)', '[]', B'101', '1 2');
        INSERT INTO h_full VALUES (1, 'a', repeat('f', 5000));
        INSERT INTO h_index VALUES (1, 1, 'ab'), (2, 2, 'cd');
        INSERT INTO h_feeling VALUES ('good', 1), ('so, so', 2);
        INSERT INTO h_pair VALUES ((1, 'a'), 1), ((2, ''), 2)
        """;

    /// <summary>One transaction, as commands that are sent together.</summary>
    public string NextTransaction()
    {
        var statements = Enumerable.Range(0, _random.Next(1, 9)).Select(_ => _random.Next(60) == 0 ? Many() : Attempt(Statement()));
        return $"BEGIN; {string.Join(' ', statements)} {(_random.Next(10) == 0 ? "ROLLBACK" : "COMMIT")}";
    }

    static string Attempt(string statement)
        => $"DO $body$ BEGIN {statement}; EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN NULL; END $body$;";

    // Enough for COPY.
    string Many() => Attempt(_random.Next(3) switch
    {
        0 => $"INSERT INTO h_log SELECT g, 'a\tb\\n' || g FROM generate_series(1, {_random.Next(400, 1200)}) g",
        1 => $"INSERT INTO h_int SELECT g, {Text()}, g / 3.0 FROM generate_series({_random.Next(1000, 9000)}, 9900, 7) g ON CONFLICT DO NOTHING",
        _ => "DELETE FROM h_int WHERE k > 1000",
    });

    string Statement() => _random.Next(10) switch
    {
        0 => $"INSERT INTO h_int (k, v, n, u) VALUES ({Key()}, {Text()}, {Number()}, {Key()})",
        1 => Pick(
            $"UPDATE h_int SET v = {Text()} WHERE k = {Key()}", $"UPDATE h_int SET k = {Key()} WHERE k = {Key()}",
            $"UPDATE h_int SET u = {Key()} WHERE k = {Key()}", $"DELETE FROM h_int WHERE k = {Key()}",
            $"UPDATE h_int SET u = NULL, v = u::text WHERE k < {Key()}"),
        2 => Pick(
            $"INSERT INTO h_two VALUES ({Text()}, {_random.Next(4)}, {Text()}, '\\x00ff')", $"UPDATE h_two SET v = {Text()} WHERE b = {_random.Next(4)}",
            $"UPDATE h_two SET a = a || 'x' WHERE b = {_random.Next(4)}", $"DELETE FROM h_two WHERE a = {Text()}"),
        3 => Pick(
            $"INSERT INTO h_numeric VALUES ({Number()}, '-0', int4range({Key()}, NULL))", $"UPDATE h_numeric SET k = k + 0.00, v = {Number()} WHERE k > {Number()}",
            $"UPDATE h_numeric SET r = 'empty' WHERE k < {Number()}", $"DELETE FROM h_numeric WHERE k > {Number()}"),
        4 => $"INSERT INTO h_wide VALUES ({Uuid()}, repeat('y', {_random.Next(9000)}), {Pick("'{1,NULL,3}'", "'{}'", "NULL", "'{{1,2},{3,4}}'", "'[0:1]={7,8}'")}, "
            + $"ARRAY[{Text()}, {Text()}], ({Key()}, {Text()}), {Pick("'good'", "'NULL'", "'so, so'", "NULL")}, '{_random.Next(99)}', "
            + $"'(1,2),({_random.Next(9)},4)', '{{\"a\": [1, \"\\\\\\\"\"]}}', B'101', {Pick("''", "'1 2'")})",
        5 => Pick(
            $"UPDATE h_wide SET d = '{_random.Next(99)}' WHERE k = {Uuid()}", $"UPDATE h_wide SET big = repeat('z', 5000) WHERE k = {Uuid()}",
            $"UPDATE h_wide SET k = {Uuid()} WHERE k = {Uuid()}", $"DELETE FROM h_wide WHERE k = {Uuid()}", "UPDATE h_wide SET b = b, c = NULL"),
        6 => Pick(
            $"INSERT INTO h_full VALUES ({Key()}, {Text()}, repeat('f', 5000))", $"UPDATE h_full SET v = {Text()} WHERE k = {Key()}",
            $"UPDATE h_full SET k = {Key()} WHERE k = {Key()}", $"DELETE FROM h_full WHERE k = {Key()}"),
        7 => Pick(
            $"INSERT INTO h_bag VALUES ({_random.Next(3)}, {Text()})", $"UPDATE h_bag SET v = {Text()} WHERE a = {_random.Next(3)}",
            $"DELETE FROM h_bag WHERE ctid = (SELECT min(ctid) FROM h_bag WHERE a = {_random.Next(3)})"),
        8 => Pick(
            $"INSERT INTO h_index VALUES ({Key()}, {Key()}, 'ab')", $"UPDATE h_index SET v = {Text()}::char(2), u = k WHERE k < {Key()}",
            $"UPDATE h_index SET k = {Key()} WHERE k = {Key()}", $"DELETE FROM h_index WHERE k = {Key()}",
            $"INSERT INTO h_log VALUES ({Key()}, {Text()})", "TRUNCATE h_log, h_bag"),
        _ => Pick(
            $"INSERT INTO h_domain VALUES ({Key()}, '{{1,2}}')", $"UPDATE h_domain SET c = '{{}}' WHERE k = {Key()}", $"DELETE FROM h_domain WHERE k = {Key()}",
            $"INSERT INTO h_feeling VALUES ({Mood()}, {Key()})", $"UPDATE h_feeling SET v = {Key()} WHERE k::mood = {Mood()}",
            $"UPDATE h_feeling SET k = {Mood()} WHERE v = {Key()}", $"DELETE FROM h_feeling WHERE k::mood = {Mood()}",
            $"INSERT INTO h_pair VALUES (({_random.Next(3)}, {Text()}), {Key()})", $"UPDATE h_pair SET v = {Key()} WHERE (k).a = {_random.Next(3)}",
            $"DELETE FROM h_pair WHERE k = ({_random.Next(3)}, {Text()})::pair",
            $"INSERT INTO h_key_only VALUES ({Key()})", $"UPDATE h_key_only SET a = {Key()} WHERE a = {Key()}", $"DELETE FROM h_key_only WHERE a = {Key()}"),
    };

    string Mood() => Pick("'good'", "'NULL'", "'so, so'");

    int Key() => _random.Next(Keys);

    string Uuid() => $"'00000000-0000-0000-0000-{_random.Next(12):d12}'";

    string Number() => _random.Next(20).ToString(CultureInfo.InvariantCulture) + Pick("", ".0", ".50", ".500");

    string Text() => Pick("''", "'NULL'", "'null'", "NULL::text || 'x'", "'a\"b'", "E'back\\\\slash\\ttab\\nline'", "'{1,2}'", "' blank '", "'ünïcødé 🐘'", "'plain'", "E'\\\\N'");

    string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
