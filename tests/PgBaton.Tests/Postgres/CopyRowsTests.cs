using PgBaton.Postgres;

namespace PgBaton.Tests.Postgres;

public sealed class CopyRowsTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 7)]
    [InlineData(true, 100_000)]
    [InlineData(false, 3)]
    [InlineData(false, 100_000)]
    public async Task counts_the_rows_wherever_the_buffers_end(bool isBinary, int bufferLength)
    {
        await using var database = await TestServer.Of(17).CreateDatabaseAsync();
        var bytes = await CopyAsync(database, isBinary);

        var rows = new CopyRows(isBinary);
        foreach (var piece in bytes.Chunk(bufferLength))
            rows.Add(piece);

        Assert.Equal(300, rows.Count);
        Assert.True(rows.IsComplete);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task notices_a_stream_that_ends_too_early(bool isBinary)
    {
        await using var database = await TestServer.Of(17).CreateDatabaseAsync();
        var bytes = await CopyAsync(database, isBinary);

        var rows = new CopyRows(isBinary);
        rows.Add(bytes.AsSpan()[..^1]);

        Assert.False(rows.IsComplete);
    }

    static async Task<byte[]> CopyAsync(TestDatabase database, bool isBinary)
    {
        await using var connection = await database.OpenAsync();
        const string query = "SELECT g, NULLIF(g % 3, 0), repeat(E'\\n\\\\.', g % 50), '' FROM generate_series(1, 300) g";
        var copy = $"COPY ({query}) TO STDOUT (FORMAT {(isBinary ? "binary" : "text")})";
        using var bytes = new MemoryStream();
        await using var stream = isBinary ? (Stream)await connection.BeginRawBinaryCopyAsync(copy) : (await connection.BeginTextExportAsync(copy)).BaseStream;
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
