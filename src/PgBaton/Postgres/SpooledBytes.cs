using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace PgBaton.Postgres;

/// <summary>
/// Bytes too many for memory, in a file that nobody else sees. Who looks at them here and there needs as much memory as that, since the file is
/// mapped; who wants a large part of them reads it in pieces.
/// </summary>
sealed unsafe class SpooledBytes : MemoryManager<byte>
{
    readonly FileStream _file;
    readonly MemoryMappedFile _map;
    readonly MemoryMappedViewAccessor _view;
    readonly Action<SpooledBytes> _released;
    byte* _start;

    /// <param name="file">Written to its end; of its own from now on.</param>
    /// <param name="released">Called when the bytes are gone.</param>
    public SpooledBytes(FileStream file, Action<SpooledBytes> released)
    {
        (_file, _released, Length) = (file, released, checked((int)file.Length));
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public int Length { get; }

    /// <summary>Somebody needs them longer than it takes to look at them, and disposes of them.</summary>
    public bool IsClaimed { get; set; }

    /// <summary>The file that some bytes are of, if they are, and where they begin in it.</summary>
    public static SpooledBytes? Of(ReadOnlyMemory<byte> bytes, out int start)
        => MemoryMarshal.TryGetMemoryManager<byte, SpooledBytes>(bytes, out var spooled, out start, out _) ? spooled : null;

    /// <summary>As much as fits into <paramref name="piece"/>, from <paramref name="start"/> on. The pages that are looked at stay with the system.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> piece, int start, CancellationToken ct) => RandomAccess.ReadAsync(_file.SafeFileHandle, piece, start, ct);

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new Span<byte>(_start, Length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex, default, this); // It is not of the collected heap.

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (_start is null)
            return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
        _released(this);
    }
}
