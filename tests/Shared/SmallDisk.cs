namespace PgBaton.Tests;

/// <summary>A file system of a few megabytes that a test can fill up. Only root may make one: other users' tests are skipped, but fail in CI.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    readonly string _folder;

    SmallDisk(string folder) => _folder = folder;

    string Filler => Path.Combine(_folder, "filler");

    internal static async Task<SmallDisk> MountAsync(string folder, int megabytes)
    {
        Assert.SkipWhen(Environment.UserName != "root" && Environment.GetEnvironmentVariable("CI") is null, "only root may mount a file system");
        await OwnServer.RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Takes all room but so many kilobytes.</summary>
    public async Task FillAsync(long leaveKilobytes)
    {
        var free = new DriveInfo(_folder).AvailableFreeSpace / 1024;
        await OwnServer.RunAsync("fallocate", "-l", $"{Math.Max(1, free - leaveKilobytes)}K", Filler);
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync() => await OwnServer.RunAsync("umount", "-l", _folder); // Whatever is left of a server that died of it may still be ending.
}
