using Npgsql;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>
/// One client of the shop with a connection of its own: transaction after transaction, each with its number in the ledger table. What is
/// refused or lost is tried again wherever the application's connection string points by then, until it is settled: exactly once.
/// </summary>
abstract class Writer(string name, Endpoint endpoint, ShopSize size, TimeProvider time) : IAsyncDisposable
{
    static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(45), _beforeRetry = TimeSpan.FromMilliseconds(5);

    NpgsqlConnection? _connection;
    Address? _connectedTo;

    public Ledger Ledger { get; } = new(name);

    public string Name => name;

    /// <summary>What it does, for the report.</summary>
    public abstract string Summary { get; }

    /// <summary>A number in the database that every transaction of this writer raises by exactly one, and nobody else changes.</summary>
    public abstract string Effect { get; }

    protected ShopSize Size => size;

    /// <summary>The statements of transaction n between BEGIN and COMMIT; the same ones whenever it is tried again.</summary>
    protected abstract Task WriteAsync(NpgsqlConnection connection, long n, Random random, CancellationToken ct);

    /// <summary>Writes until told to stop, and then finishes what it is at.</summary>
    /// <param name="seed">Equal seeds, equal transactions.</param>
    /// <param name="stop">After the transaction at hand.</param>
    /// <param name="ct">At once.</param>
    public async Task RunAsync(int seed, CancellationToken stop, CancellationToken ct)
    {
        using var pace = new PeriodicTimer(_pace, time);
        for (var n = 1L; !stop.IsCancellationRequested; n++)
        {
            Ledger.Attempt(n);
            while (!await TryAsync(n, new Random(unchecked((seed * 1_000_003) + ((int)n * 31) + name.Length)), ct))
                await Task.Delay(_beforeRetry, time, ct);
            await pace.WaitForNextTickAsync(ct);
        }
    }

    public async ValueTask DisposeAsync() => await DisconnectAsync();

    // False if it has to be tried again. Errors that no cutover explains end the writer.
    async Task<bool> TryAsync(long n, Random random, CancellationToken ct)
    {
        var address = endpoint.Current;
        var isCommitting = false;
        try
        {
            var connection = await ConnectAsync(address, ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.ExecuteAsync("INSERT INTO accounting.ledger (writer, n) VALUES ($1, $2)", ct, name, n);
            await WriteAsync(connection, n, random, ct);
            isCommitting = true;
            await transaction.CommitAsync(ct);
        }
        catch (PostgresException known) when (known.ConstraintName == "ledger_pkey" && Ledger.IsInDoubt(n))
        {
            // An attempt whose answer was lost had been committed after all.
        }
        catch (Exception failure) when (!ct.IsCancellationRequested && IsWorthARetry(failure))
        {
            await DisconnectAsync();
            if (isCommitting)
                Ledger.Doubt(n);
            Ledger.Refused((failure as PostgresException)?.SqlState ?? "connection lost", address.Name, time.GetTimestamp());
            return false;
        }

        Ledger.Acknowledge(address.Name, time.GetTimestamp());
        return true;
    }

    // What a server says that is closed, closing or not the writer any more, and lost connections.
    static bool IsWorthARetry(Exception failure)
        => failure is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } || Transient.Is(failure);

    async Task<NpgsqlConnection> ConnectAsync(Address address, CancellationToken ct)
    {
        if (_connection is not null && _connectedTo == address)
            return _connection;
        await DisconnectAsync();
        var connection = new NpgsqlConnection(address.Settings);
        (_connection, _connectedTo) = (connection, address);
        await connection.OpenAsync(ct);
        return connection;
    }

    async Task DisconnectAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connection = null;
    }
}
