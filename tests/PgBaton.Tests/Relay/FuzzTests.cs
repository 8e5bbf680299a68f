using System.Globalization;
using System.Threading.Channels;
using Npgsql;
using PgBaton.Relay;

namespace PgBaton.Tests.Relay;

/// <summary>
/// Streams of real servers, altered. What cannot be understood is refused by name (PB0504, or whatever it then contradicts), at once, and costs no
/// more memory than its length allows. PGBATON_FUZZ=N does N times as much; PGBATON_SEED=N does the same again.
/// </summary>
public sealed class FuzzTests
{
    const int MessagesPerRun = 3_000;
    const int StreamsPerRun = 12;

    /// <summary>An error with its text and stack is some kilobytes; a column is an object of some bytes, however short its value.</summary>
    const int AllowedOnce = 16 * 1024, AllowedPerByte = 64;

    static int Factor => int.TryParse(Environment.GetEnvironmentVariable("PGBATON_FUZZ"), CultureInfo.InvariantCulture, out var given) ? given : 1;

    static int Seed => int.TryParse(Environment.GetEnvironmentVariable("PGBATON_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 20261121;

    [Theory]
    [InlineData(14, 1)]
    [InlineData(15, 3)]
    [InlineData(16, 4)]
    [InlineData(17, 2)]
    [InlineData(18, 1)]
    [InlineData(18, 4)]
    public async Task an_altered_message_is_read_or_refused_within_its_length(int major, int protocol)
    {
        await using var database = await TestServer.Of(major).CreateDatabaseAsync();
        await database.ExecuteAsync(CapturedStream.Schema);
        var captured = await CapturedStream.ReadAsync(database, protocol);
        var random = new Random(Seed);
        captured.ForEach(message => Assert.False(Refuses(message) && protocol == 1)); // Later ones have an id in front of what is streamed.
        var refused = 0;
        for (var i = 0; i < MessagesPerRun * Factor; i++)
        {
            var message = Mutation.Of(captured[random.Next(captured.Count)], captured, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            refused += Refuses(message) ? 1 : 0;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated <= AllowedOnce + (AllowedPerByte * message.Length),
                $"seed {Seed}, message {i}: {allocated} bytes for {Convert.ToHexString(message)}");
        }

        Assert.InRange(refused, MessagesPerRun * Factor / 4, (MessagesPerRun * Factor) - 1);
    }

    [Theory]
    [InlineData(15, 1, StreamsPerRun)]
    [InlineData(18, 1, StreamsPerRun)]
    [InlineData(17, 4, 5)]
    public async Task an_altered_stream_is_applied_or_refused(int major, int protocol, int streams)
    {
        await using var source = await TestServer.Of(major).CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CapturedStream.Schema);
        await target.ExecuteAsync($"{CapturedStream.Schema}; ALTER TABLE keyed ADD COLUMN late int");
        await using var migration = await RelayTests.StartAsync(source, target);
        var captured = await CapturedStream.ReadAsync(source, protocol);
        var whole = await ApplyAsync(migration, target, captured);
        Assert.Equal(protocol == 1 ? "applied" : "PB0504", whole);
        if (protocol == 1)
            Assert.Equal("still one", await target.QueryAsync<string>("SELECT v FROM keyed WHERE id = 1"));

        var outcomes = new List<string>();
        var random = new Random(Seed);
        for (var i = 0; i < streams * Factor; i++)
        {
            var altered = Mutation.Of(captured, random);
            try
            {
                outcomes.Add(await ApplyAsync(migration, target, altered));
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Seed}, stream {i}: {failure}");
            }
        }

        Assert.Contains("PB0504", outcomes);
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_message_of_somebody_outside_of_a_transaction_keeps_no_commit_waiting()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CapturedStream.Schema);
        await target.ExecuteAsync($"{CapturedStream.Schema}; ALTER TABLE keyed ADD COLUMN late int");
        await using var migration = await RelayTests.StartAsync(source, target);
        var captured = await CapturedStream.ReadAsync(source, protocol: 1);

        var outside = captured.FindIndex(message => message[0] == 'M' && message[1] == 0);
        Assert.Equal('C', (char)captured[outside - 1][0]);
        Assert.Equal("applied", await ApplyAsync(migration, target, captured[..(outside + 1)]));
        Assert.Equal(4, await target.QueryAsync<int>("SELECT max(late) FROM keyed"));
        await CreateSlot.UndoAsync(migration, default);
    }

    // All that the relay, the early slot and a verification do with a message before they know what it is about.
    static void Read(byte[] message)
    {
        var table = 0u;
        if (Marker.Read(message, ref table) is not null)
            return;
        var reader = new MessageReader(message);
        switch ((char)reader.Byte())
        {
            case 'B':
                SourceTransaction.Read(ref reader);
                break;
            case 'R':
                StreamedRelation.Read(ref reader);
                break;
            case 'I' or 'U' or 'D':
                reader.Oid();
                StreamedRow.Read(message, width: WidthOf(message));
                break;
        }
    }

    // As if the Relation message had said the same as the first tuple.
    static int WidthOf(byte[] message) => message.Length < 8 ? 0 : (message[6] << 8) | message[7];

    static bool Refuses(byte[] message)
    {
        try
        {
            Read(message);
            return false;
        }
        catch (MigrationException refusal)
        {
            Assert.Equal("PB0504", refusal.Code);
            return true;
        }
    }

    static async Task<string> ApplyAsync(Migration migration, TestDatabase target, IEnumerable<byte[]> messages)
    {
        await target.ExecuteAsync("TRUNCATE keyed, bag, bulk, child; UPDATE pgbaton.progress SET lsn = '0/0'");
        var blocks = Channel.CreateUnbounded<MessageBlock>();
        foreach (var message in messages)
        {
            var block = new MessageBlock();
            await block.AppendAsync(new MemoryStream(message), default);
            await blocks.Writer.WriteAsync(block);
        }

        var touched = await TouchedRows.LoadAsync(migration, default, default);
        await using var writer = await TargetWriter.OpenAsync(migration, touched, default);
        var applier = new Applier(new Incoming(blocks.Reader), writer, await Relations.LoadAsync(migration, default), touched) { Committed = (_, _) => { } };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await applier.RunAsync(() => false, _ => throw new EndOfStreamException(), patience.Token);
            return "never";
        }
        catch (EndOfStreamException)
        {
            return "applied";
        }
        catch (MigrationException refusal)
        {
            return refusal.Code;
        }
        catch (PostgresException refusal)
        {
            return refusal.SqlState;
        }
    }
}
