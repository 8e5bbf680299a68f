namespace PgBaton.Providers;

sealed class AmazonRds() : AmazonDatabase(
    "Amazon RDS", "", "a group of your own; then aws rds reboot-db-instance --db-instance-identifier INSTANCE")
{
    public override bool Shows(ServerSigns signs) => signs.HasSetting("rds") || signs.HasRole("rds_superuser");

    public override bool IsHost(ServerSigns signs) => Amazon.IsHost(signs);

    public override string CreateTarget(string title, string? region, int major)
        => $"aws rds create-db-instance --db-instance-identifier {title} --engine postgres --engine-version {major} --db-instance-class CLASS --allocated-storage GIGABYTES "
           + $"--master-username postgres --manage-master-user-password --region {region ?? "REGION"}";

    public override IReadOnlyList<string> Traps =>
    [
        "The default parameter group cannot be changed: make one of your own and give it to the instance.",
        "The instance's security group must let this machine in.",
    ];
}
