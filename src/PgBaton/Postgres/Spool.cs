namespace PgBaton.Postgres;

/// <summary>
/// Where messages wait that are too long for memory: each in a file of its own, which loses its name at once, so that no end of this process leaves
/// anything behind.
/// </summary>
/// <param name="folder">For the files.</param>
/// <param name="quota">Bytes in it, except that one message may always be there. Reading waits while it is full.</param>
/// <param name="filled">Called once, when a message has to wait for room for the first time.</param>
sealed class Spool(string folder, long quota, Action filled) : IDisposable
{
    /// <summary>Longer messages go to disk. Shorter ones, as many as wait at a time, are a matter of some tens of MB.</summary>
    public const int From = 256 * 1024;

    /// <summary>Twice the longest message.</summary>
    public const long Quota = 2L << 30;

    const int Piece = 64 * 1024;

    readonly SemaphoreSlim _released = new(0);
    readonly Lock _turn = new();
    readonly HashSet<SpooledBytes> _kept = [];
    long _used;
    bool _hasFilled;

    /// <summary>Waits for room, then reads a message to its end.</summary>
    /// <param name="length">Of the message.</param>
    /// <param name="read">Reads some of it: no more than it is given room for, and at least a byte.</param>
    /// <param name="ct">Breaks it off.</param>
    /// <exception cref="MigrationException">PB0528: the disk is full, or there is no such folder.</exception>
    public async Task<SpooledBytes> KeepAsync(int length, Func<Memory<byte>, CancellationToken, ValueTask<int>> read, CancellationToken ct)
    {
        await WaitForRoomAsync(length, ct);
        var file = Open(length);
        try
        {
            await FillAsync(file, length, read, ct);
            return Keep(new SpooledBytes(file, GiveBack));
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>With all that is still kept: nobody may look at it any more.</summary>
    public void Dispose()
    {
        IDisposable[] rest;
        lock (_turn)
            rest = [.. _kept];
        foreach (var bytes in rest)
            bytes.Dispose();
        _released.Dispose();
    }

    async ValueTask WaitForRoomAsync(int length, CancellationToken ct)
    {
        while (Interlocked.Read(ref _used) is > 0 and var used && used + length > quota)
        {
            if (!_hasFilled)
                filled();
            _hasFilled = true;
            await _released.WaitAsync(ct);
        }
    }

    SpooledBytes Keep(SpooledBytes bytes)
    {
        lock (_turn)
            _kept.Add(bytes);
        Interlocked.Add(ref _used, bytes.Length);
        return bytes;
    }

    void GiveBack(SpooledBytes bytes)
    {
        lock (_turn)
            _kept.Remove(bytes);
        Interlocked.Add(ref _used, -bytes.Length);
        _released.Release();
    }

    // All of it is taken from the disk at once: a full one is met here.
    FileStream Open(int length)
    {
        var path = Path.Combine(folder, $"pgbaton-{Guid.NewGuid():N}.spool");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, Options = FileOptions.DeleteOnClose,
            BufferSize = 0, PreallocationSize = length,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            var file = new FileStream(path, options);
            if (!OperatingSystem.IsWindows()) // There the system itself deletes it, whatever ends us.
                File.Delete(path);
            return file;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Errors.SpoolFailed(folder, length, failure);
        }
    }

    async Task FillAsync(FileStream file, int length, Func<Memory<byte>, CancellationToken, ValueTask<int>> read, CancellationToken ct)
    {
        var piece = new byte[Piece];
        for (var left = length; left > 0;)
        {
            var count = await read(piece.AsMemory(0, Math.Min(left, piece.Length)), ct);
            if (count == 0)
                throw new EndOfStreamException("a message ended before its end");
            try
            {
                await file.WriteAsync(piece.AsMemory(0, count), ct);
            }
            catch (IOException failure)
            {
                throw Errors.SpoolFailed(folder, length, failure);
            }

            left -= count;
        }
    }
}
