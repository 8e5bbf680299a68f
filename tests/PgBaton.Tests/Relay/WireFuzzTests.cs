using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using PgBaton.Postgres;
using PgBaton.Postgres.Wire;
using PgBaton.Relay;
using PgBaton.Tests.Postgres;

namespace PgBaton.Tests.Relay;

/// <summary>
/// What a server says on our own wire, altered and broken off: an error with a name, at once, and no memory for a length that nothing comes of.
/// PGBATON_FUZZ and PGBATON_SEED as in <see cref="FuzzTests"/>.
/// </summary>
public sealed class WireFuzzTests
{
    const int SessionsPerRun = 300, StreamsPerRun = 3_000;

    static int Factor => int.TryParse(Environment.GetEnvironmentVariable("PGBATON_FUZZ"), CultureInfo.InvariantCulture, out var given) ? given : 1;

    static int Seed => int.TryParse(Environment.GetEnvironmentVariable("PGBATON_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 20261129;

    [Fact]
    public async Task an_altered_session_ends_with_a_named_error()
    {
        var sockets = Environment.GetEnvironmentVariable("PGBATON_TEST_SOCKETS");
        Assert.SkipWhen(sockets is null, "PGBATON_TEST_SOCKETS names no folder");
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        foreach (var database in new[] { source, target })
            await database.ExecuteAsync("CREATE TABLE keyed (id int PRIMARY KEY, v text)");
        await using var migration = await RelayTests.StartAsync(source, target);
        await source.ExecuteAsync("INSERT INTO keyed SELECT g, repeat(md5(g::text), g % 20) FROM generate_series(1, 500) g");
        await source.ExecuteAsync("INSERT INTO keyed VALUES (0, repeat('x', 400000))");

        await using var tape = new WireTape(new UnixDomainSocketEndPoint($"{sockets}/.s.PGSQL.{new Uri(source.Uri).Port}"));
        var text = $"host=127.0.0.1 port={tape.Port} user=postgres dbname={source.Name} sslmode=disable";
        var publisher = await PgBaton.Postgres.Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, text), default);
        var direction = migration.Direction with { Publisher = publisher };
        await RecordAsync(direction);
        var recorded = tape.Recorded();
        var (random, outcomes) = (new Random(Seed), new List<string>());
        for (var i = 0; i < SessionsPerRun * Factor; i++)
        {
            byte[] bytes = [.. Mutation.Of(recorded, random).SelectMany(message => message)];
            tape.Playing = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            outcomes.Add(await OutcomeAsync(direction).WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.True(outcomes[^1] is "PB0504" or "IOException" or "EndOfStreamException" or "NpgsqlException" or "PostgresException", $"seed {Seed}, session {i}: {outcomes[^1]}");
        }

        Assert.Contains("PB0504", outcomes);
        Assert.Contains("NpgsqlException", outcomes); // Before the stream.
        Assert.Contains("EndOfStreamException", outcomes);
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_length_that_nothing_comes_of_costs_no_memory()
    {
        var random = new Random(Seed);
        var messages = Enumerable.Range(0, 40).Select(i => Message((char)('A' + i), random.Next(i < 36 ? 300 : 400_000))).ToList();
        for (var i = 0; i < StreamsPerRun * Factor; i++)
        {
            byte[] bytes = [.. Mutation.Of(messages, random).SelectMany(message => message)];
            var before = GC.GetAllocatedBytesForCurrentThread();
            await ReadAllAsync(bytes); // Never has to wait, so that it stays on this thread.
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= (4 * WireReader.Size) + (10L * bytes.Length), $"seed {Seed}, stream {i}: {allocated} bytes for {bytes.Length}");
        }
    }

    [Fact]
    public void an_altered_proof_of_the_server_is_none()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 500 * Factor; i++)
        {
            var client = new Scram("right", ScramBinding.None);
            var nonce = Encoding.ASCII.GetString(client.First).Split("r=")[1];
            var first = Encoding.ASCII.GetBytes($"r={nonce}abc,s=c2FsdHNhbHQ=,i=16");
            var altered = Mutation.Of(first, [first], random);
            try
            {
                client.Final(altered);
                client.Verify(Mutation.Of("v=Qm9ndXNCb2d1c0JvZ3VzQm9ndXNCb2d1c0JvZ3VzQm8="u8.ToArray(), [first], random));
                Assert.Fail($"seed {Seed}, exchange {i}: a server that does not know the password is believed");
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    static async Task RecordAsync(Direction direction)
    {
        await using var stream = await SourceStream.OpenAsync(direction, StreamWire.Own, default, _ => { }, default);
        for (var commits = 0; commits < 2;)
        {
            var block = await stream.Messages.ReadAsync();
            while (block.TryRead(out var message))
                commits += message.Span[0] == 'C' ? 1 : 0;
        }
    }

    static async Task<string> OutcomeAsync(Direction direction)
    {
        try
        {
            await using var stream = await SourceStream.OpenAsync(direction, StreamWire.Own, default, _ => { }, default);
            while (await stream.Messages.WaitToReadAsync())
                stream.Messages.TryRead(out _);
            return "never";
        }
        catch (MigrationException refusal)
        {
            return refusal.InnerException is PostgresException ? nameof(PostgresException) : refusal.Code; // A role or a database that is not there.
        }
#pragma warning disable CA1031 // Which it is decides the caller.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure.GetType().Name;
        }
    }

    static async Task ReadAllAsync(byte[] bytes)
    {
        var reader = new WireReader(new MemoryStream(bytes));
        try
        {
            while (true)
            {
                while (reader.TryRead(out var message))
                {
                    if (message.Body.Length > WireReader.Size)
                        reader.Detach();
                }

                await reader.FillAsync(default);
            }
        }
        catch (Exception failure) when (failure is EndOfStreamException or InvalidDataException)
        {
        }
    }

    static byte[] Message(char kind, int length)
    {
        var message = new byte[5 + length];
        message[0] = (byte)kind;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + length);
        return message;
    }
}
