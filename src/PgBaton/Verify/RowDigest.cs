using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>How a printed row becomes two 64-bit numbers that add up the same on both servers.</summary>
abstract class RowDigest
{
    /// <summary>
    /// Two seeds of the function that hash partitioning relies on, which is why its values outlive every upgrade. They depend on the
    /// machine's byte order and on the encoding of the text, so it is used only where both servers gave the same values for a sample.
    /// </summary>
    public static RowDigest Hash { get; } = new TwoHashes();

    /// <summary>The first 128 bits, over UTF-8 whatever the database's encoding. About two thirds as fast; allowed in FIPS mode, as md5 is not.</summary>
    public static RowDigest Sha256 { get; } = new Cryptographic();

    public abstract string Name { get; }

    /// <summary>
    /// SELECT of <c>h1</c>, <c>h2</c>, <c>kh</c>, <c>k</c>, <c>at</c> from a SELECT of <c>r</c> (printed row), <c>k</c> (printed key) and
    /// <c>at</c> (ctid). Without a key, <c>kh</c> is <c>h1</c>. OFFSET 0 keeps the planner from computing an expression once for each use.
    /// </summary>
    public abstract string Select(string rows, bool hasKey);

    /// <summary>The faster one, if it gives the same values on both servers and nobody asked for the other.</summary>
    public static async Task<RowDigest> ForAsync(Server source, Server target, VerifyOptions options, CancellationToken ct)
        => !options.Sha256 && await SampleAsync(source, ct) == await SampleAsync(target, ct) ? Hash : Sha256;

    // Every length around the 12 bytes that the function takes at once, with bytes above 127, under many seeds.
    static async Task<string> SampleAsync(Server server, CancellationToken ct)
    {
        await using var connection = await server.OpenAsync("verify", ct);
        return await connection.QueryValueAsync<string>(
            """
            SELECT pg_catalog.current_setting('server_encoding') || pg_catalog.string_agg(
                       pg_catalog.hashtextextended(
                           pg_catalog.substr(
                               pg_catalog.repeat(
                                   'pgbaton ' || pg_catalog.chr(
                                       CASE pg_catalog.current_setting('server_encoding') WHEN 'UTF8' THEN 233 ELSE 126 END), 10),
                               1, n::int) COLLATE pg_catalog."C",
                           n * 4294967311)::text, ',' ORDER BY n)
              FROM pg_catalog.generate_series(0::bigint, 99) AS n
            """,
            ct);
    }

    sealed class TwoHashes : RowDigest
    {
        public override string Name => "hash";

        public override string Select(string rows, bool hasKey)
            => $"""
                SELECT {Of("r", 1)} AS h1, {Of("r", 2)} AS h2, {(hasKey ? $"{Of("k", 0)} AS kh, k" : $"{Of("r", 1)} AS kh, NULL::text AS k")}, at
                  FROM ({rows}) AS printed OFFSET 0
                """;

        static string Of(string text, int seed) => $"""pg_catalog.hashtextextended({text} COLLATE pg_catalog."C", {seed})""";
    }

    sealed class Cryptographic : RowDigest
    {
        public override string Name => "sha256";

        public override string Select(string rows, bool hasKey)
            => $"""
                SELECT {Number("d", 1)} AS h1, {Number("d", 17)} AS h2, {Number(hasKey ? "kd" : "d", 1)} AS kh, k, at
                  FROM (SELECT {Of("r")} AS d, {(hasKey ? $"{Of("k")} AS kd, k" : "NULL::text AS k")}, at
                          FROM ({rows}) AS printed OFFSET 0) AS hashed OFFSET 0
                """;

        static string Of(string text) => $"pg_catalog.encode(pg_catalog.sha256({Sql.Bytes(text)}), 'hex')";

        static string Number(string hex, int start) => $"('x' || pg_catalog.substr({hex}, {start}, 16))::bit(64)::bigint";
    }
}
