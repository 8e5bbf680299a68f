namespace PgBaton;

// The assistant page and the HTTP API: where they may listen.
static partial class Errors
{
    public static MigrationException NotListening(string address, Exception failure) => new(
        "PB0044", ExitCode.Failed,
        $"cannot listen on {address}: {Innermost(failure).Message}",
        hint: "Another process may have the port: give --listen another one, or port 0 for any that is free.", about: address, inner: failure);

    public static MigrationException OpenToOthers(string address) => new(
        "PB0045", ExitCode.Usage,
        $"other machines can reach {address}, and that is not made safe",
        detail: "Whoever has the token can move and drop databases, and without TLS everybody on the way can read it.",
        hint: "Listen on 127.0.0.1 and come through an SSH tunnel; or give --token-file, and --tls-cert with --tls-key "
            + "(or --insecure where something else encrypts).",
        about: address);

    public static MigrationException WeakToken(string file) => new(
        "PB0046", ExitCode.Usage,
        $"the token in {file} is too short",
        detail: "It is the only thing between the network and both databases.",
        hint: "Make one of at least 24 characters: openssl rand -hex 32 > FILE; chmod 600 FILE.", about: file);
}
