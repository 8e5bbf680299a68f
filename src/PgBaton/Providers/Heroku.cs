namespace PgBaton.Providers;

sealed class Heroku() : Provider("Heroku Postgres")
{
    public override bool Shows(ServerSigns signs)
        => (signs.HasSetting("extwlist") && !signs.HasSchema("pscale_extensions"))
           || (Amazon.IsHost(signs) && IsGenerated(signs.User, 'u') && IsGenerated(signs.Database, 'd'));

    public override bool IsHost(ServerSigns signs)
        => (signs.HostEnds(".compute-1.amazonaws.com") || signs.HostEnds(".compute.amazonaws.com")) && IsGenerated(signs.User, 'u');

    public override string? RegionOf(ServerSigns signs)
        => signs.HostEnds(".compute-1.amazonaws.com") ? "aws-us-east-1"
            : signs.Labels is [.., var region, "compute", "amazonaws", "com"] ? $"aws-{region}"
            : Amazon.RegionOf(signs);

    public override string? CannotPublish
        => "Heroku gives no role the right to replicate and makes no slots: nothing can follow a live database there.";

    public override string EnableLogicalReplication => "Not possible on Heroku.";

    public override string GrantReplication(string role) => "Not possible on Heroku.";

    public override string CreateTarget(string title, string? region, int major)
        => $"heroku addons:create heroku-postgresql:PLAN --app APP --version {major}";

    public override IReadOnlyList<string> Traps =>
    [
        "Credentials rotate: read the connection string from the application's configuration each time.",
        "A move from here needs a pause of the application (heroku maintenance:on) for as long as the copy takes.",
    ];

    // A letter and a dozen or so that nobody chose.
    static bool IsGenerated(string name, char first)
        => name.Length >= 12 && name[0] == first && name.Any(char.IsAsciiDigit) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
