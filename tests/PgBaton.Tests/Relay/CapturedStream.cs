using Npgsql.Replication.Internal;
using Npgsql.Replication.PgOutput;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>What a real server sends for a piece of work in which every kind of message occurs.</summary>
static class CapturedStream
{
    /// <summary>For both sides.</summary>
    public const string Schema =
        """
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE keyed (id int PRIMARY KEY, v text, big text, m mood, twice int GENERATED ALWAYS AS (id * 2) STORED);
        ALTER TABLE keyed ALTER big SET STORAGE EXTERNAL;
        CREATE TABLE bag (a int, b numeric, c timestamptz);
        ALTER TABLE bag REPLICA IDENTITY FULL;
        CREATE TABLE bulk (id int PRIMARY KEY, v text);
        CREATE TABLE child (id int REFERENCES keyed);
        ALTER TABLE child REPLICA IDENTITY NOTHING
        """;

    const string Work =
        """
        INSERT INTO keyed VALUES (1, 'one', repeat('x', 4000), 'good'), (2, NULL, NULL, NULL), (3, 'ünïcødé 🐘', '', 'bad');
        UPDATE keyed SET v = 'still one' WHERE id = 1;
        UPDATE keyed SET id = 10 WHERE id = 2;
        BEGIN; INSERT INTO bag VALUES (1, 1.0, '2024-02-29 12:00+00'), (1, 1.00, NULL), (NULL, 'NaN', 'infinity'); UPDATE bag SET b = b + 1 WHERE a = 1; COMMIT;
        DELETE FROM bag WHERE a IS NULL;
        DELETE FROM keyed WHERE id = 10;
        INSERT INTO child VALUES (3);
        BEGIN; INSERT INTO bulk SELECT g, repeat(md5(g::text), 3) FROM generate_series(1, 1500) g; SAVEPOINT a;
          INSERT INTO bulk SELECT g, 'gone' FROM generate_series(2000, 3000) g; ROLLBACK TO a; UPDATE bulk SET v = 'u' WHERE id < 20; COMMIT;
        ALTER TABLE keyed ADD COLUMN late int;
        INSERT INTO keyed VALUES (4, 'four', 'b', 'good', DEFAULT, 4);
        TRUNCATE bulk, bag;
        SELECT pg_logical_emit_message(true, 'somebody', 'in a transaction');
        SELECT pg_logical_emit_message(false, 'somebody', 'outside of one');
        """;

    /// <summary>Does the work on a database that has the schema, and returns the messages of its stream.</summary>
    public static async Task<List<byte[]>> ReadAsync(TestDatabase database, int protocol)
    {
        var slot = $"capture_{database.Name}_{protocol}";
        await database.ExecuteAsync($"CREATE PUBLICATION {slot} FOR ALL TABLES; ALTER DATABASE {database.Name} SET logical_decoding_work_mem = '64kB'");
        await database.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')");
        foreach (var command in Work.Replace(";\n  ", "; ", StringComparison.Ordinal).Split(";\n", StringSplitOptions.RemoveEmptyEntries))
            await database.ExecuteAsync(command);
        var end = Marker.NewContent();
        await using (var connection = await database.OpenAsync())
            await Marker.WriteAsync(connection, end, default);

        var server = await PgBaton.Postgres.Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, database.Uri), default);
        await using var replication = await server.OpenReplicationAsync("test", default);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        List<KeyValuePair<string, string?>> options = [new("proto_version", $"{protocol}"), new("publication_names", slot), new("messages", "true")];
        if (protocol > 1)
            options.Add(new("streaming", "on"));
        var messages = new List<byte[]>();
        var table = 0u;
        var isOver = false;
        await foreach (var message in replication.StartLogicalReplication(new PgOutputReplicationSlot(slot), stop.Token, null, options))
        {
            using var bytes = new MemoryStream();
            await message.Data.CopyToAsync(bytes, stop.Token);
            messages.Add(bytes.ToArray());
            isOver |= protocol == 1 && Marker.Read(messages[^1], ref table) == end;
            // A later protocol may put a transaction's id in front of what it says.
            isOver |= protocol > 1 && messages[^1].AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(end)) >= 0;
            if (isOver && messages[^1][0] == 'C')
                break;
        }

        return messages;
    }
}
