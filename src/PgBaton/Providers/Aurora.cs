namespace PgBaton.Providers;

sealed class Aurora() : AmazonDatabase(
    "Amazon Aurora PostgreSQL", "cluster-",
    "the cluster's group, one of your own; then reboot the writer: aws rds reboot-db-instance --db-instance-identifier WRITER")
{
    public override bool Shows(ServerSigns signs) => signs.HasFunction("aurora_version");

    public override bool IsHost(ServerSigns signs) => Amazon.IsCluster(signs);

    public override string CreateTarget(string title, string? region, int major)
        => $"aws rds create-db-cluster --db-cluster-identifier {title} --engine aurora-postgresql --engine-version {major} --master-username postgres "
           + $"--manage-master-user-password --region {region ?? "REGION"}\n"
           + $"aws rds create-db-instance --db-instance-identifier {title}-1 --db-cluster-identifier {title} --engine aurora-postgresql --db-instance-class CLASS";

    public override IReadOnlyList<string> Traps =>
    [
        "Only the writer's endpoint can be a source: the reader endpoint leads to another server with each connection.",
        "The setting belongs to the cluster's parameter group, not to the instance's.",
    ];
}
