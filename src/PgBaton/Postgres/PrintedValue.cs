using Npgsql;
using Npgsql.Internal;
using Npgsql.Internal.Postgres;
using NpgsqlTypes;

namespace PgBaton.Postgres;

/// <summary>
/// A value as a server printed it, for the other server to read: a parameter in text format whose type is left to it. The driver would want it as a
/// string, which costs decoding, encoding and three times the memory.
/// </summary>
/// <param name="Bytes">In UTF-8; perhaps <see cref="SpooledBytes"/>.</param>
sealed record PrintedValue(ReadOnlyMemory<byte> Bytes)
{
    public NpgsqlParameter ToParameter() => new() { NpgsqlDbType = NpgsqlDbType.Unknown, Value = this };
}

#pragma warning disable NPG9001 // The driver's interface for plug-ins may change with a new version; this is all that depends on it, and tests hold that it works.

/// <summary>Teaches the driver to send <see cref="PrintedValue"/>.</summary>
sealed class PrintedValueResolver : PgTypeInfoResolverFactory, IPgTypeInfoResolver
{
    /// <summary>Once in a process, before the first connection.</summary>
    public static void TeachDriver()
    {
#pragma warning disable CS0618 // As for each connection: a data source would have to live as long as its only one.
        NpgsqlConnection.GlobalTypeMapper.AddTypeInfoResolverFactory(new PrintedValueResolver());
#pragma warning restore CS0618
    }

    public override IPgTypeInfoResolver CreateResolver() => this;

    public override IPgTypeInfoResolver? CreateArrayResolver() => null;

    public PgTypeInfo? GetTypeInfo(Type? type, DataTypeName? dataTypeName, PgSerializerOptions options)
        => type == typeof(PrintedValue) && dataTypeName == "pg_catalog.unknown"
            ? new PgTypeInfo(options, new PrintedValueConverter(), dataTypeName.Value) { PreferredFormat = DataFormat.Text }
            : null;
}

sealed class PrintedValueConverter : PgStreamingConverter<PrintedValue>
{
    const int Piece = 64 * 1024;

    public override bool CanConvert(DataFormat format, out BufferRequirements bufferRequirements)
    {
        bufferRequirements = BufferRequirements.None;
        return format == DataFormat.Text;
    }

    public override Size GetSize(SizeContext context, PrintedValue value, ref object? writeState) => value.Bytes.Length;

    public override void Write(PgWriter writer, PrintedValue value) => writer.WriteBytes(value.Bytes.Span);

    public override ValueTask WriteAsync(PgWriter writer, PrintedValue value, CancellationToken cancellationToken = default)
        => SpooledBytes.Of(value.Bytes, out var start) is { } spooled
            ? WriteAsync(writer, spooled, start, value.Bytes.Length, cancellationToken)
            : writer.WriteBytesAsync(value.Bytes, cancellationToken);

    public override PrintedValue Read(PgReader reader) => throw new NotSupportedException("values are sent in this way, not read");

    public override ValueTask<PrintedValue> ReadAsync(PgReader reader, CancellationToken cancellationToken = default)
        => throw new NotSupportedException("values are sent in this way, not read");

    static async ValueTask WriteAsync(PgWriter writer, SpooledBytes spooled, int start, int length, CancellationToken ct)
    {
        var piece = new byte[Math.Min(length, Piece)];
        for (var end = start + length; start < end;)
        {
            var count = await spooled.ReadAsync(piece.AsMemory(0, Math.Min(piece.Length, end - start)), start, ct);
            if (count == 0)
                throw new EndOfStreamException("a file of the spool has become shorter");
            await writer.WriteBytesAsync(piece.AsMemory(0, count), ct);
            start += count;
        }
    }
}
