using PgBaton.Cli.Views;
using PgBaton.Postgres;

namespace PgBaton.Tests.Cli;

public sealed class NewConnectionTests
{
    [Theory]
    [InlineData(
        "postgresql://app:canary@ep-cool-1.eu-central-1.aws.neon.tech/shop?sslmode=require", "postgresql://app@ep-cool-1.eu-central-1.aws.neon.tech:5432/shop?sslmode=require",
        "postgresql://app@ep-cool-1-pooler.eu-central-1.aws.neon.tech:5432/shop?sslmode=require")]
    [InlineData(
        "postgresql://app.branch:canary@aws.connect.psdb.cloud/shop?sslmode=require", "postgresql://app.branch@aws.connect.psdb.cloud:5432/shop?sslmode=require",
        "postgresql://app.branch@aws.connect.psdb.cloud:6432/shop?sslmode=require")]
    [InlineData("host=db.example.com user=app password=canary dbname='my shop' sslmode=require", "postgresql://app@db.example.com:5432/my%20shop?sslmode=require", null)]
    public void it_is_the_targets_without_the_password_and_the_pooler_where_one_is_known(string given, string direct, string? pooled)
        => Assert.Equal(new NewConnection(direct, pooled), NewConnection.Of(Side.Target, given));
}
