namespace PgBaton.Schema;

/// <summary>A folder for temporary files that only this user can read; gone, with what is in it, when disposed.</summary>
sealed class PrivateFolder : IDisposable
{
    // Directory.CreateTempSubdirectory makes it with mode 0700.
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgbaton-");

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
