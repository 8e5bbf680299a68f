namespace PgBaton.Providers;

sealed class Supabase() : Provider("Supabase")
{
    public override bool Shows(ServerSigns signs) => signs.HasRole("supabase_admin") || signs.HasSetting("supautils");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".supabase.co") || signs.HostEnds(".supabase.com");

    // aws-0-eu-central-1.pooler.supabase.com; the direct host does not tell.
    public override string? RegionOf(ServerSigns signs)
        => signs.Labels is [var first, "pooler", "supabase", "com"] && first.Split('-', 3) is [var cloud, _, var region] ? $"{cloud}-{region}" : null;

    // The user of a pooler is postgres.<ref>.
    public override string? DirectInsteadOf(ServerSigns signs)
        => signs.HostEnds(".pooler.supabase.com")
            ? $"db.{(signs.User.Split('.', 2) is [_, var project] ? project : "PROJECT")}.supabase.co:5432" : null;

    public override IReadOnlyList<string> PlatformSchemas =>
    [
        "auth", "storage", "realtime", "supabase_functions", "supabase_migrations", "cron", "net", "_supabase", "graphql", "graphql_public",
        "vault", "pgsodium", "extensions",
    ];

    public override string LetIn(IReadOnlyList<string> addresses, int port)
        => $"supabase network-restrictions update --experimental --project-ref REF {string.Join(' ', addresses.Select(address => $"--db-allow-cidr {address}/32"))}  # name those that are there too, the list is replaced";

    // It is logical there from the start, and is none of the settings that a user can change.
    public override string EnableLogicalReplication => base.Set("wal_level", "logical", restarts: true);

    public override string Set(string setting, string value, bool restarts)
        => $"supabase --experimental --project-ref REF postgres-config update --config {setting}={value}{(restarts ? "  # the database is restarted" : "")}";

    public override string CreateTarget(string title, string? region, int major)
        => $"supabase projects create {title} --org-id ORGANIZATION --region {region?.Replace("aws-", "", StringComparison.Ordinal) ?? "REGION"} --db-password PASSWORD"
           + $"  # PostgreSQL {major}, if it is the version that new projects get";

    public override IReadOnlyList<string> Traps =>
    [
        "The direct host has an IPv6 address only, unless the project has the IPv4 add-on.",
        "max_slot_wal_keep_size is small (512 MB on the smallest size, 2 GB above): a long copy of a busy database loses the slot.",
        "Slots and publications whose names begin with supabase_realtime are the platform's.",
        "Foreign keys often refer to auth.users: decide whether schema auth moves with the data.",
    ];
}
