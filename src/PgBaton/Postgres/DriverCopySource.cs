using System.Data;
using Npgsql;

namespace PgBaton.Postgres;

/// <summary>The driver hands over a row at a time.</summary>
sealed class DriverCopySource(NpgsqlConnection connection) : CopySource
{
    NpgsqlRawCopyStream? _reader;

    public override Task ExecuteAsync(string sql, CancellationToken ct) => connection.ExecuteAsync(sql, ct);

    // Npgsql offers raw streams for binary only; those of its text readers are the same raw streams underneath.
    public override async Task BeginAsync(string copyOut, bool isBinary, CancellationToken ct)
        => _reader = isBinary
            ? await connection.BeginRawBinaryCopyAsync(copyOut, ct)
            : (NpgsqlRawCopyStream)(await connection.BeginTextExportAsync(copyOut, ct)).BaseStream;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await _reader!.ReadAsync(buffer[length..], ct);
            if (read == 0)
                break;
            length += read;
        }

        return length;
    }

    public override ValueTask EndAsync(CancellationToken ct) => _reader!.DisposeAsync();

    // Closing the session alone would read all that is left.
    public override async ValueTask GiveUpAsync()
    {
        if (_reader is null || !connection.FullState.HasFlag(ConnectionState.Fetching))
            return;
        await _reader.CancelAsync();
        await _reader.DisposeAsync();
    }

    public override ValueTask DisposeAsync() => connection.DisposeAsync();
}
