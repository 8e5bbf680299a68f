namespace PgBaton.Providers;

sealed class Neon() : Provider("Neon")
{
    public override bool Shows(ServerSigns signs) => signs.HasRole("neon_superuser") || signs.HasSetting("neon");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".neon.tech");

    // ep-cool-name-123456[-pooler].[c-2.]us-east-2.aws.neon.tech
    public override string? RegionOf(ServerSigns signs)
        => IsHost(signs) && signs.Labels is [.., var region, var cloud, "neon", "tech"] ? $"{cloud}-{region}" : null;

    public override string? DirectInsteadOf(ServerSigns signs)
        => IsHost(signs) && signs.Labels[0].EndsWith("-pooler", StringComparison.Ordinal)
            ? string.Join('.', [signs.Labels[0][..^"-pooler".Length], .. signs.Labels[1..]]) : null;

    public override string EnableLogicalReplication
        => "Neon Console: Project settings > Logical Replication > Enable. It restarts every compute of the project for some seconds, and cannot be undone.";

    public override string GrantReplication(string role)
        => $"Make a role in the Neon Console, CLI or API: those may replicate; roles made with SQL, like {role}, may not.";

    public override IReadOnlyList<string> Traps =>
    [
        "A slot that nobody reads is dropped after some 40 hours; keep \"pgbaton migrate\" running.",
        "A compute with a reader on a slot does not suspend, and is paid for as long.",
        "Nobody may set session_replication_role: foreign keys and triggers are enabled when the target opens.",
        "Restoring or resetting a branch deletes its slots.",
    ];
}
