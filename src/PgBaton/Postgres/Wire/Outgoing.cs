using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace PgBaton.Postgres.Wire;

/// <summary>What is said to a server: one method for each message, which returns its bytes.</summary>
static class Outgoing
{
    const int Version = 3 << 16, CancelCode = (1234 << 16) | 5678, SslCode = (1234 << 16) | 5679;

    static readonly DateTimeOffset _epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static byte[] SslRequest { get; } = Untyped(Int32(SslCode));

    public static byte[] CopyDone { get; } = Typed('c');

    public static byte[] Terminate { get; } = Typed('X');

    /// <summary>Just what the driver sends for the same settings.</summary>
    /// <param name="isReplication">For the replication protocol, in which a database can be read logically.</param>
    public static byte[] Startup(NpgsqlConnectionStringBuilder settings, bool isReplication)
    {
        List<(string Name, string? Value)> parameters =
        [
            ("user", settings.Username), ("database", settings.Database), ("client_encoding", settings.ClientEncoding), ("application_name", settings.ApplicationName),
            ("TimeZone", settings.Timezone), ("options", settings.Options), ("replication", isReplication ? "database" : null),
        ];
        var text = string.Concat(parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}\0{p.Value}\0"));
        return Untyped(Int32(Version), Encoding.UTF8.GetBytes($"{text}\0"));
    }

    /// <summary>On a connection of its own.</summary>
    /// <param name="backend">Process id and secret, as BackendKeyData gave them.</param>
    public static byte[] CancelRequest(byte[] backend) => Untyped(Int32(CancelCode), backend);

    public static byte[] Query(string sql) => Typed('Q', Text(sql));

    public static byte[] Password(string text) => Typed('p', Text(text));

    public static byte[] SaslInitialResponse(string mechanism, byte[] response) => Typed('p', Text(mechanism), Int32(response.Length), response);

    public static byte[] SaslResponse(byte[] response) => Typed('p', response);

    /// <summary>How far a stream has got ("Standby status update").</summary>
    /// <param name="received">All before it has reached us.</param>
    /// <param name="durable">All before it is written and flushed: the server need not keep it.</param>
    /// <param name="now">The time here.</param>
    /// <param name="wantsReply">The server is to answer at once.</param>
    public static byte[] StandbyStatus(Lsn received, Lsn durable, DateTimeOffset now, bool wantsReply)
    {
        var status = new byte[34];
        status[0] = (byte)'r';
        BinaryPrimitives.WriteUInt64BigEndian(status.AsSpan(1), (ulong)received);
        BinaryPrimitives.WriteUInt64BigEndian(status.AsSpan(9), (ulong)durable);
        BinaryPrimitives.WriteUInt64BigEndian(status.AsSpan(17), (ulong)durable);
        BinaryPrimitives.WriteInt64BigEndian(status.AsSpan(25), (now - _epoch).Ticks / TimeSpan.TicksPerMicrosecond);
        status[33] = wantsReply ? (byte)1 : (byte)0;
        return Typed('d', status);
    }

    static byte[] Typed(char kind, params byte[][] parts) => [(byte)kind, .. Untyped(parts)];

    static byte[] Untyped(params byte[][] parts) => [.. Int32(sizeof(int) + parts.Sum(part => part.Length)), .. parts.SelectMany(part => part)];

    static byte[] Text(string text) => KeptBytes.Instance.GetBytes($"{text}\0");

    static byte[] Int32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
