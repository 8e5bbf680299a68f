namespace PgBaton.Preflight;

/// <summary>As the server sees our session; on the way to this machine itself nobody can listen.</summary>
sealed class EncryptedConnection() : Check(
    "PB1005", "network", "Is what goes over the network encrypted?", "what goes over the network is encrypted, or does not leave this machine", Needs.None)
{
    protected override IEnumerable<Finding> Look(Servers servers)
        => servers.All.Where(server => !server.IsThisMachine).Select(Judge).OfType<Finding>();

    Finding? Judge(CheckedServer server)
    {
        const string fix = "Give sslmode=verify-full in the connection string, and sslrootcert=… where the provider has a certificate of its own.";
        var (side, address) = (server.Side, server.Server.Address);
        if (!server.Facts.IsEncrypted)
            return Warning($"the connection to the {side} {address} is not encrypted", "Every row passes over the network as it is, and can be read on the way.", fix, address);
        return server.Server.Settings.SslMode is Npgsql.SslMode.VerifyFull or Npgsql.SslMode.VerifyCA ? null
            : Notice($"the connection to the {side} {address} is encrypted, but nothing proves who answers", "Somebody who stands between could pretend to be the server.", fix, address);
    }
}
