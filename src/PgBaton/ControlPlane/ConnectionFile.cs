namespace PgBaton.ControlPlane;

/// <summary>
/// A file of arguments with the connection string of a target that is made, password included: readable by its owner alone, and taken before
/// anything is made. If nothing was written into it, it is gone when it is disposed.
/// </summary>
public sealed class ConnectionFile : IDisposable
{
    readonly FileStream _stream;
    bool _isWritten;

    ConnectionFile(FileStream stream) => _stream = stream;

    /// <summary>As it was given.</summary>
    public string Name => _stream.Name;

    /// <exception cref="IOException">There is one, or it cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made there.</exception>
    public static ConnectionFile Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(new FileStream(path, options));
    }

    /// <summary>target.args, or with a number if there is one.</summary>
    /// <inheritdoc cref="Create"/>
    public static ConnectionFile CreateIn(string folder)
    {
        var number = 1;
        var path = Path.Combine(folder, "target.args");
        while (File.Exists(path))
            path = Path.Combine(folder, $"target-{++number}.args");
        return Create(path);
    }

    /// <summary>So that <c>@FILE</c> stands for <c>--target</c>.</summary>
    public async Task WriteAsync(string connection, CancellationToken ct)
    {
        await using var writer = new StreamWriter(_stream, leaveOpen: true);
        await writer.WriteLineAsync($"--target {connection}".AsMemory(), ct);
        _isWritten = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        if (!_isWritten)
            File.Delete(_stream.Name);
    }
}
