using Npgsql;

namespace PgBaton.Postgres;

/// <summary>
/// Moves the bytes of one COPY TO STDOUT into one COPY FROM STDIN. Rows are never turned into objects and text is never decoded: what the
/// source sent is what the target gets, in larger pieces.
/// </summary>
static class CopyPipe
{
    const int BufferLength = 128 * 1024;

    // Milliseconds.
    const int PatienceWhenClosing = 2000;

    /// <summary>
    /// Both commands must be of the same format. After a failure both sessions are of no use but to be closed; the target's transaction was
    /// not committed here in either case.
    /// </summary>
    /// <param name="passed">Called with the length of each piece; the next one is read when it returns.</param>
    public static async Task<CopyResult> RunAsync(
        CopySource source, string copyOut, NpgsqlConnection target, string copyIn, bool isBinary, Func<int, CancellationToken, ValueTask> passed,
        CancellationToken ct)
    {
        await source.BeginAsync(copyOut, isBinary, ct);
        CopyResult result;
        try
        {
            result = await WriteAsync(source, target, copyIn, isBinary, passed, ct);
        }
        catch
        {
            await source.GiveUpAsync();
            throw;
        }

        await source.EndAsync(ct);
        return result;
    }

    static async Task<CopyResult> WriteAsync(
        CopySource source, NpgsqlConnection target, string copyIn, bool isBinary, Func<int, CancellationToken, ValueTask> passed, CancellationToken ct)
    {
        var writer = await BeginWritingAsync(target, copyIn, isBinary, ct);
        CopyResult result;
        try
        {
            result = await PumpAsync(source, writer, isBinary, passed, ct);
        }
        catch
        {
            LeaveAlone(writer);
            throw;
        }

        await EndAsync(writer, ct);
        return result;
    }

    /// <summary>CopyDone; only now does the server say whether it took everything.</summary>
    /// <param name="writer">Of COPY FROM STDIN.</param>
    /// <param name="ct">Leaves the driver, which waits for the answer without end, alone with a session that can then only be closed.</param>
    public static async Task EndAsync(NpgsqlRawCopyStream writer, CancellationToken ct)
    {
        var ending = writer.DisposeAsync().AsTask();
        try
        {
            await ending.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (!ending.IsCompleted)
        {
            LeaveAlone(writer);
            _ = ending.ContinueWith(
                broken => _ = broken.Exception, // By the closing of the session.
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>After a failure before its end. Whoever closes the session ends the COPY first, and waits for the answer: not for ever, where nothing gets through.</summary>
    public static void LeaveAlone(NpgsqlRawCopyStream writer) => writer.ReadTimeout = writer.WriteTimeout = PatienceWhenClosing;

    /// <summary>For little: the source is a session of the driver's.</summary>
    /// <inheritdoc cref="RunAsync(CopySource, string, NpgsqlConnection, string, bool, Func{int, CancellationToken, ValueTask}, CancellationToken)"/>
    public static Task<CopyResult> RunAsync(NpgsqlConnection source, string copyOut, NpgsqlConnection target, string copyIn, bool isBinary, CancellationToken ct)
        => RunAsync(new DriverCopySource(source), copyOut, target, copyIn, isBinary, (_, _) => default, ct);

    // Reads the next buffer while the last one is being written; a write is one message to the target.
    static async Task<CopyResult> PumpAsync(CopySource reader, Stream writer, bool isBinary, Func<int, CancellationToken, ValueTask> passed, CancellationToken ct)
    {
        var (filling, writingFrom) = (new byte[BufferLength], new byte[BufferLength]);
        var rows = new CopyRows(isBinary);
        var bytes = 0L;
        var writing = Task.CompletedTask;
        try
        {
            while (await reader.ReadAsync(filling, ct) is > 0 and var length)
            {
                await writing;
                (filling, writingFrom) = (writingFrom, filling);
                writing = writer.WriteAsync(writingFrom.AsMemory(0, length), ct).AsTask();
                rows.Add(writingFrom.AsSpan(0, length));
                bytes += length;
                await passed(length, ct);
            }
        }
        finally
        {
            await writing;
        }

        return rows.IsComplete ? new CopyResult(rows.Count, bytes) : throw new InvalidDataException("COPY ended in the middle of a row");
    }

    // Npgsql offers raw streams for binary only; those of its text writers are the same raw streams underneath.
    static async Task<NpgsqlRawCopyStream> BeginWritingAsync(NpgsqlConnection target, string copyIn, bool isBinary, CancellationToken ct)
        => isBinary
            ? await target.BeginRawBinaryCopyAsync(copyIn, ct)
            : (NpgsqlRawCopyStream)(await target.BeginTextImportAsync(copyIn, ct)).BaseStream;
}

/// <summary>What went through the pipe.</summary>
/// <param name="Rows">Counted on their way.</param>
/// <param name="Bytes">Of the COPY data, without the protocol's frames.</param>
readonly record struct CopyResult(long Rows, long Bytes);
