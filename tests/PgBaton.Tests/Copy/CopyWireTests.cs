using System.Security.Cryptography;
using Npgsql;
using PgBaton.Postgres;
using PgBaton.Postgres.Wire;

namespace PgBaton.Tests.Copy;

/// <summary>The driver is the oracle: over our own wire come the same bytes and the same errors.</summary>
public sealed class CopyWireTests : IAsyncLifetime
{
    TestDatabase _database = null!;
    Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestServer.Source.CreateDatabaseAsync();
        await _database.ExecuteAsync(
            """
            CREATE TABLE wide (id int, v text, n numeric, b bytea);
            INSERT INTO wide SELECT g, repeat(md5(g::text), g % 30), g / 7.0, decode(md5(g::text), 'hex') FROM generate_series(1, 30000) g;
            INSERT INTO wide SELECT -g, repeat('x', (ARRAY[131000, 131067, 131072, 140000, 20000000])[g]) FROM generate_series(1, 5) g
            """);
        _server = await Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, $"{_database.Uri}?sslmode=require"), default);
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("COPY wide TO STDOUT", false)]
    [InlineData("COPY public.wide TO STDOUT (FORMAT binary)", true)]
    [InlineData("COPY (SELECT FROM public.wide) TO STDOUT", false)]
    [InlineData("COPY (SELECT * FROM public.wide WHERE false) TO STDOUT", false)]
    [InlineData("COPY (SELECT * FROM public.wide WHERE false) TO STDOUT (FORMAT binary)", true)]
    [InlineData("COPY (SELECT id, 1 / (id - 20000) FROM public.wide) TO STDOUT", false)]
    [InlineData("SELECT 1", false)]
    public async Task both_wires_bring_the_same_bytes_or_the_same_error(string copyOut, bool isBinary)
    {
        var outcomes = new List<string>();
        foreach (var wire in Enum.GetValues<StreamWire>())
        {
            await using var source = await OpenAsync(wire);
            outcomes.Add(await OutcomeAsync(source, copyOut, isBinary));
        }

        Assert.Equal(outcomes[0], outcomes[1]);
    }

    [Theory]
    [InlineData(StreamWire.Own)]
    [InlineData(StreamWire.Npgsql)]
    public async Task a_session_goes_on_after_a_refused_command_and_after_a_copy(StreamWire wire)
    {
        await using var source = await OpenAsync(wire);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => source.ExecuteAsync("BEGIN; LOCK TABLE public.nowhere", default));
        Assert.Equal(PostgresErrorCodes.UndefinedTable, refusal.SqlState);
        await source.ExecuteAsync("ROLLBACK", default);
        await source.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ", default);
        var first = await OutcomeAsync(source, "COPY public.wide TO STDOUT (FORMAT binary)", isBinary: true);
        await _database.ExecuteAsync("DELETE FROM wide WHERE id < 100");
        Assert.Equal(first, await OutcomeAsync(source, "COPY public.wide TO STDOUT (FORMAT binary)", isBinary: true));
        await source.ExecuteAsync("COMMIT", default);
        Assert.NotEqual(first, await OutcomeAsync(source, "COPY public.wide TO STDOUT (FORMAT binary)", isBinary: true));
    }

    [Theory]
    [InlineData(StreamWire.Own)]
    [InlineData(StreamWire.Npgsql)]
    public async Task a_server_does_not_go_on_sending_to_nobody(StreamWire wire)
    {
        await using (var source = await OpenAsync(wire))
        {
            await source.BeginAsync("COPY (SELECT repeat('x', 1000) FROM public.wide one, public.wide other) TO STDOUT", isBinary: false, default);
            Assert.Equal(5000, await source.ReadAsync(new byte[5000], default));
            await source.GiveUpAsync();
        }

        await _database.WaitForAsync("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'pgbaton/rows')");
    }

    async Task<CopySource> OpenAsync(StreamWire wire)
        => wire == StreamWire.Own
            ? new WireCopySource((await _server.TryOpenWireAsync("rows", isReplication: false, wire, default))!)
            : new DriverCopySource(await _server.OpenAsync("rows", default));

    static async Task<string> OutcomeAsync(CopySource source, string copyOut, bool isBinary)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, length) = (new byte[100_000], 0L);
        try
        {
            await source.BeginAsync(copyOut, isBinary, default);
            while (await source.ReadAsync(buffer, default) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                length += read;
            }

            await source.EndAsync(default);
            return $"{length} bytes, {Convert.ToHexString(hash.GetHashAndReset())}";
        }
        catch (PostgresException refusal)
        {
            return refusal.SqlState;
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException or ArgumentException)
        {
            return "no COPY TO STDOUT";
        }
    }
}
