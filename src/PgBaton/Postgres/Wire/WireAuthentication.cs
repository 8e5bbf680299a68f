using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace PgBaton.Postgres.Wire;

/// <summary>
/// Answers the server's questions until it lets us in. Kerberos is not spoken here (<see cref="NotSupportedException"/>): such a stream is left
/// to the driver.
/// </summary>
sealed class WireAuthentication(WireSession session, NpgsqlConnectionStringBuilder settings)
{
    const int Ok = 0, Kerberos = 2, Cleartext = 3, Md5 = 5, Gss = 7, Sspi = 9, Sasl = 10, SaslContinue = 11, SaslFinal = 12;

    static readonly string[] _methods = ["Password", "MD5", "GSS", "SSPI", "ScramSHA256", "None"];

    /// <exception cref="NpgsqlException">A <see cref="PostgresException"/> if the server refused, another if we did.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var method = "None";
        while (true)
        {
            var (question, data) = await session.NextAsync('R', Question, ct);
            switch (question)
            {
                case Ok:
                    MustBeAllowed(method); // Who asks for nothing must be allowed to, too.
                    return;
                case Cleartext:
                    MustBeAllowed(method = "Password");
                    await session.SendAsync(Outgoing.Password(Password), ct);
                    break;
                case Md5:
                    MustBeAllowed(method = "MD5");
                    await session.SendAsync(Outgoing.Password(Md5Of(Password, data)), ct);
                    break;
                case Sasl:
                    MustBeAllowed(method = "ScramSHA256");
                    await ProveAsync(Encoding.UTF8.GetString(data).Split('\0', StringSplitOptions.RemoveEmptyEntries), ct);
                    break;
                case Kerberos or Gss or Sspi:
                    throw new NotSupportedException("the server asks for Kerberos");
                default:
                    throw new InvalidDataException($"the server asks to be answered in a way that is not known ({question})");
            }
        }
    }

    string Password => settings.Password is { Length: > 0 } password ? password : throw new NpgsqlException("No password has been provided, and the server asks for one");

    static (int Question, byte[] Data) Question(WireMessage message)
    {
        var fields = message.Fields;
        return (fields.Int32(), fields.Rest.ToArray());
    }

    async Task ProveAsync(string[] mechanisms, CancellationToken ct)
    {
        var binding = ChannelBinding(mechanisms);
        var scram = new Scram(Password, binding);
        await session.SendAsync(Outgoing.SaslInitialResponse(binding.Mechanism, scram.First), ct);
        await session.SendAsync(Outgoing.SaslResponse(scram.Final(await DataOfAsync(SaslContinue, ct))), ct);
        scram.Verify(await DataOfAsync(SaslFinal, ct));
    }

    async Task<byte[]> DataOfAsync(int step, CancellationToken ct)
    {
        var (question, data) = await session.NextAsync('R', Question, ct);
        return question == step ? data : throw new InvalidDataException($"the server went on with step {question} of authentication, not {step}");
    }

    // Where both sides could and one of them is made to believe that the other cannot, somebody stands between them: the header says what we saw.
    ScramBinding ChannelBinding(string[] mechanisms)
    {
        var (plain, plus) = (mechanisms.Contains(ScramBinding.Plain), mechanisms.Contains(ScramBinding.Plus));
        var wanted = settings.ChannelBinding;
        if (plus && session.ServerCertificate is null)
            throw new NpgsqlException("the server offers ChannelBinding over a connection that is not encrypted");
        if (plus && wanted != Npgsql.ChannelBinding.Disable && session.ServerCertificate is { } certificate && ScramBinding.To(certificate) is { } bound)
            return bound;
        if (wanted == Npgsql.ChannelBinding.Require)
            throw new NpgsqlException("ChannelBinding is required, and not to be had with this server");
        if (!plain)
            throw new NpgsqlException($"the server offers no way of authentication that is known here, only {string.Join(", ", mechanisms)}");
        return session.ServerCertificate is null || plus || wanted == Npgsql.ChannelBinding.Disable ? ScramBinding.None : ScramBinding.NotOffered;
    }

    // require_auth, in the driver's words: a list, or a list of what is not allowed.
    void MustBeAllowed(string method)
    {
        if (settings.RequireAuth is not { Length: > 0 } list)
            return;
        var names = list.Split(',');
        var allowed = names[0].StartsWith('!') ? _methods.Except(names.Select(name => name.TrimStart('!'))) : names;
        if (!allowed.Contains(method, StringComparer.OrdinalIgnoreCase))
            throw new NpgsqlException($"the server asks for \"{method}\": this authentication method is not allowed");
    }

    string Md5Of(string password, byte[] salt)
    {
        if (salt.Length != 4)
            throw new InvalidDataException("the salt of the server is not of 4 bytes");
#pragma warning disable CA5351 // It is what the server asks for.
        static string Hash(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
        var inner = Hash(Encoding.UTF8.GetBytes(password + settings.Username));
        return $"md5{Hash([.. Encoding.ASCII.GetBytes(inner), .. salt])}";
    }
}
