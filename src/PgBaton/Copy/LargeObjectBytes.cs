using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>The bytes of large objects, read and written a piece at a time, many pieces to a round trip.</summary>
static class LargeObjectBytes
{
    const int PieceBytes = 1 << 20, PiecesAtATime = 500;
    const long BytesAtATime = 16L << 20;

    /// <summary>By their numbers. Needs a transaction.</summary>
    public static async Task<Dictionary<uint, LargeObjectDigest>> DigestAsync(NpgsqlConnection connection, uint[] oids, CancellationToken ct)
        => oids.Length == 0
            ? []
            : (await connection.QueryAsync(
                Query.LargeObjectDigests, row => new LargeObjectDigest(row.GetFieldValue<uint>(0), row.GetInt64(1), row.GetString(2)), ct, oids))
                .ToDictionary(digest => digest.Oid);

    /// <summary>From one side to the other, where they exist and are empty.</summary>
    public static async Task CopyAsync(NpgsqlConnection from, NpgsqlConnection to, IReadOnlyList<LargeObjectDigest> objects, CancellationToken ct)
    {
        var pieces = new List<(uint Oid, long Offset, int Length)>();
        var bytes = 0L;
        foreach (var large in objects)
        {
            for (var offset = 0L; offset < large.Size; offset += PieceBytes)
            {
                var length = (int)Math.Min(PieceBytes, large.Size - offset);
                pieces.Add((large.Oid, offset, length));
                bytes += length;
                if (bytes < BytesAtATime && pieces.Count < PiecesAtATime)
                    continue;
                await CopyAsync(from, to, pieces, ct);
                (pieces, bytes) = ([], 0);
            }
        }

        if (pieces.Count > 0)
            await CopyAsync(from, to, pieces, ct);
    }

    static async Task CopyAsync(NpgsqlConnection from, NpgsqlConnection to, List<(uint Oid, long Offset, int Length)> pieces, CancellationToken ct)
    {
        var (oids, offsets) = (pieces.Select(piece => piece.Oid).ToArray(), pieces.Select(piece => piece.Offset).ToArray());
        var data = await from.QueryAsync(
            """
            SELECT pg_catalog.lo_get(p.oid, p.place, p.length)
              FROM ROWS FROM (unnest($1::oid[]), unnest($2::bigint[]), unnest($3::int[])) WITH ORDINALITY AS p (oid, place, length, number)
             ORDER BY p.number
            """, row => row.GetFieldValue<byte[]>(0), ct, oids, offsets, pieces.Select(piece => piece.Length).ToArray());
        await to.ExecuteAsync(
            """
            SELECT pg_catalog.lo_put(p.oid, p.place, p.data)
              FROM ROWS FROM (unnest($1::oid[]), unnest($2::bigint[]), unnest($3::bytea[])) AS p (oid, place, data)
            """, ct, oids, offsets, data.ToArray());
    }
}

/// <summary>What two large objects have in common if they hold the same bytes.</summary>
sealed record LargeObjectDigest(uint Oid, long Size, string Digest);
