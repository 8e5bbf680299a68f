using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Tests.Postgres;

public sealed class ConnectionStringTests : IDisposable
{
    readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("pgbaton-home-");
    readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    public void Dispose() => _home.Delete(recursive: true);

    ConnectionString Parse(string text)
        => ConnectionString.Parse(Side.Source, text, new ConnectionEnvironment(name => _variables.GetValueOrDefault(name), _home.FullName, "os_user"));

    string Refused(string text)
    {
        var failure = Assert.Throws<MigrationException>(() => Parse(text));
        Assert.Equal("PB0001", failure.Code);
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        return failure.Message;
    }

    string WriteFile(string name, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var path = Path.Combine(_home.FullName, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
        return path;
    }

    [Theory]
    [InlineData("postgresql://", "localhost or a socket", 5432, "os_user", "os_user")]
    [InlineData("postgresql://localhost", "localhost", 5432, "os_user", "os_user")]
    [InlineData("postgres://localhost:5433", "localhost", 5433, "os_user", "os_user")]
    [InlineData("postgresql://localhost/mydb", "localhost", 5432, "mydb", "os_user")]
    [InlineData("postgresql://user@localhost", "localhost", 5432, "user", "user")]
    [InlineData("postgresql://user:secret@localhost", "localhost", 5432, "user", "user")]
    [InlineData("postgresql://other@localhost/otherdb?connect_timeout=10&application_name=myapp", "localhost", 5432, "otherdb", "other")]
    [InlineData("postgresql://[::1]/d", "::1", 5432, "d", "os_user")]
    [InlineData("postgresql://[2001:db8::1234]:7777/d", "2001:db8::1234", 7777, "d", "os_user")]
    [InlineData("postgresql:///mydb?host=localhost&port=5433", "localhost", 5433, "mydb", "os_user")]
    [InlineData("postgresql://%2Fvar%2Fsock/dbname", "/var/sock", 5432, "dbname", "os_user")]
    [InlineData("postgresql:///d?host=/var/sock&user=u", "/var/sock", 5432, "d", "u")]
    [InlineData("postgresql://u%40x@h/d%20b%2Fc", "h", 5432, "d b/c", "u@x")]
    [InlineData("postgresql://gr%C3%BC%C3%9Fe@h/d%C3%A4", "h", 5432, "dä", "grüße")]
    [InlineData("host=h port=1 dbname=d user=u", "h", 1, "d", "u")]
    [InlineData("  host = h   port=1  dbname = 'a b'  user= 'it\\'s' ", "h", 1, "a b", "it's")]
    [InlineData("host=h dbname=a\\ b user=c\\\\d", "h", 5432, "a b", "c\\d")]
    [InlineData("host='' dbname='' user=u", "localhost or a socket", 5432, "u", "u")]
    [InlineData("host=first host=second dbname=d user=u", "second", 5432, "d", "u")]
    [InlineData("hostaddr=10.0.0.1 dbname=d user=u", "10.0.0.1", 5432, "d", "u")]
    [InlineData("host=name hostaddr=10.0.0.1 dbname=d user=u", "10.0.0.1", 5432, "d", "u")]
    public void both_forms_are_read_as_libpq_does(string text, string host, int port, string database, string user)
    {
        var settings = Parse(text).ToNpgsql();
        if (host != "localhost or a socket")
            Assert.Equal(host, settings.Host);
        else
            Assert.True(settings.Host == "localhost" || settings.Host!.StartsWith('/'), settings.Host);
        Assert.Equal((port, database, user), (settings.Port, settings.Database, settings.Username));
    }

    [Theory]
    [InlineData("postgresql://u:p%40ss%2Fw%3A%23%3F%25@h/d", "p@ss/w:#?%")]
    [InlineData("postgresql://u:pa:ss?w#rd@h/d", "pa:ss?w#rd")]
    [InlineData("postgresql://u@h/d?password=x%26y%3D", "x&y=")]
    [InlineData("host=h user=u password='a b\\'c\\\\d'", "a b'c\\d")]
    [InlineData("host=h user=u password=a=b;c", "a=b;c")]
    public void a_password_comes_through_whole(string text, string password) => Assert.Equal(password, Parse(text).ToNpgsql().Password);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("canary")]
    [InlineData("postgresql://u:canary/ss@h:5432/d")]
    [InlineData("postgresql://u:5432/canary@h/d")]
    [InlineData("postgresql://u:can@ary@h/d")]
    [InlineData("postgresql://u:12/c?canary@h/d")]
    [InlineData("postgresql://u:%canary@h/d")]
    [InlineData("postgresql://u:%00canary@h/d")]
    [InlineData("postgresql://u:%ff%fecanary@h/d")]
    [InlineData("postgresql://h/d?canary=1")]
    [InlineData("postgresql://h/d?sslmode=canary")]
    [InlineData("postgresql://h/d?sslmode=require=canary")]
    [InlineData("postgresql://h:canary/d")]
    [InlineData("postgresql://h:0/d")]
    [InlineData("postgresql://h:65536/d")]
    [InlineData("postgresql://[canary/d")]
    [InlineData("postgresql://[]/d")]
    [InlineData("postgresql://[::1]canary/d")]
    [InlineData("postgresql://a,b:1,c:2:3/d")]
    [InlineData("postgresql+psycopg://u:canary@h/d")]
    [InlineData("POSTGRESQL://u:canary@h/d")]
    [InlineData("mysql://u:canary@h/d")]
    [InlineData("jdbc:postgresql://h/d?user=u&password=canary")]
    [InlineData("Host=h;Username=u;Password=canary;Database=d")]
    [InlineData("Server=h;User Id=u;Password=canary")]
    [InlineData("host=h password=can ary=x")]
    [InlineData("host=h password='canary")]
    [InlineData("host=h password")]
    [InlineData("host=h connect_timeout=canary")]
    [InlineData("host=a,b port=1,2,3")]
    [InlineData("host=a,b hostaddr=10.0.0.1")]
    [InlineData("host=h target_session_attrs=canary")]
    [InlineData("host=h replication=database")]
    [InlineData("host=h sslcrl=canary.pem")]
    [InlineData("host=h sslmode=verify-ca")]
    [InlineData("host=h sslmode=require sslrootcert=system")]
    [InlineData("host=h sslmode=verify-full sslrootcert=/nowhere/root.crt")]
    [InlineData("host=h sslnegotiation=direct")]
    [InlineData("host=h hostaddr=10.0.0.1 sslmode=verify-full")]
    [InlineData("host=h service=unheard_of")]
    public void what_cannot_be_read_is_refused_and_not_repeated(string text)
        => Assert.DoesNotContain("canary", Refused(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("Host=h;Username=u;Password=p", "ADO.NET")]
    [InlineData("jdbc:postgresql://h/d", "JDBC")]
    [InlineData("postgresql+asyncpg://h/d", "driver")]
    [InlineData("postgresql://h/d?sslmod=require", "sslmode is")]
    [InlineData("postgresql://h/d?ssl_mode=require", "sslmode is")]
    [InlineData("postgresql://h/d?sslmode=require&schema=public", "schema is not one of libpq's")]
    [InlineData("postgresql://h/d?pgbouncer=true", "pgbouncer is not one of libpq's")]
    [InlineData("postgresql://u:a/b@h/d", "%2F")]
    [InlineData("host=h replication=database", "replication")]
    public void the_way_out_is_shown(string text, string said) => Assert.Contains(said, Refused(text), StringComparison.Ordinal);

    [Fact]
    public void several_hosts_are_tried_in_their_order_each_with_its_port()
    {
        var uri = Parse("postgresql://a:1,b:2,[::1]:3/d");
        Assert.Equal(["a:1", "b:2", "[::1]:3"], uri.Hosts.Select(host => host.ToString()));
        Assert.Equal("a:1,b:2,[::1]:3/d", uri.Display);
        Assert.Equal([7, 7], Parse("host=a,b port=7 dbname=d").Hosts.Select(host => host.Port));
        Assert.Equal([7, 5432], Parse("host=a,b port=7, dbname=d").Hosts.Select(host => host.Port));
    }

    [Fact]
    public void the_environment_stands_in_for_what_the_string_leaves_out()
    {
        foreach (var (name, value) in new (string, string)[]
                 {
                     ("PGHOST", "env"), ("PGPORT", "77"), ("PGUSER", "eu"), ("PGDATABASE", "ed"), ("PGPASSWORD", "ep"), ("PGSSLMODE", "require"),
                     ("PGCHANNELBINDING", "disable"), ("PGCONNECT_TIMEOUT", "3"), ("PGOPTIONS", "-c work_mem=1MB"), ("PGTARGETSESSIONATTRS", "primary"),
                 })
            _variables[name] = value;
        var all = Parse("postgresql://");
        var settings = all.ToNpgsql();
        Assert.Equal(("env", 77, "eu", "ed", "ep"), (settings.Host, settings.Port, settings.Username, settings.Database, settings.Password));
        Assert.Equal((SslMode.Require, ChannelBinding.Disable, 3), (settings.SslMode, settings.ChannelBinding, settings.Timeout));
        Assert.Equal(("-c work_mem=1MB", "primary"), (settings.Options, all.TargetSessionAttributes));

        var own = Parse("postgresql://u:p@h:1/d?sslmode=disable&options=-c%20a.b%3D1").ToNpgsql();
        Assert.Equal(("h", 1, "u", "d", "p", SslMode.Disable), (own.Host, own.Port, own.Username, own.Database, own.Password, own.SslMode));
        Assert.Equal("-c a.b=1", own.Options);
    }

    [Fact]
    public void a_service_comes_before_the_environment_and_after_the_string()
    {
        _variables["PGSERVICEFILE"] = WriteFile("services", "# comment\n[other]\nhost=no\n\n[prod]\nhost=svc\nport=99\nuser=su\ndbname=sd\n[more]\nhost=no\n");
        _variables["PGUSER"] = "eu";
        var settings = Parse("service=prod dbname=mine").ToNpgsql();
        Assert.Equal(("svc", 99, "su", "mine"), (settings.Host, settings.Port, settings.Username, settings.Database));
        _variables["PGSERVICE"] = "prod";
        Assert.Equal("svc", Parse("postgresql://").ToNpgsql().Host);
        Assert.Contains("definition of service", Refused("service=nobody"), StringComparison.Ordinal);
    }

    [Fact]
    public void a_service_file_is_looked_for_in_the_home_folder_too()
    {
        WriteFile(".pg_service.conf", "[prod]\nhost=svc\n");
        Assert.Equal("svc", Parse("postgresql://?service=prod").ToNpgsql().Host);
        WriteFile(".pg_service.conf", "[prod]\nhost=svc\nnonsense=1\n");
        Assert.Contains("line 3", Refused("service=prod"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("h:5432:d:u:secret", "secret")]
    [InlineData("*:*:*:*:any", "any")]
    [InlineData("# h:5432:d:u:no\nh:5432:d:x:no\nh:5433:d:u:no\nh:*:d:u:yes\n*:*:*:*:later", "yes")]
    [InlineData("h:5432:d:u:with\\:colon\\\\and backslash", "with:colon\\and backslash")]
    [InlineData("h:5432:d:u:plain:colons", "plain:colons")]
    [InlineData("h:5432:\\*:u:no", null)]
    [InlineData("h:5432:d:u", null)]
    public void the_password_file_is_read_as_libpq_does(string lines, string? password)
    {
        WriteFile(".pgpass", lines);
        Assert.Equal(password, Parse("postgresql://u@h/d").ToNpgsql().Password);
        Assert.Equal("own", Parse("postgresql://u:own@h/d").ToNpgsql().Password);
    }

    [Fact]
    public void a_password_file_names_names_and_sockets()
    {
        WriteFile(".pgpass", "a\\:b:5432:d\\\\e:u:odd\nlocalhost:5432:d:u:socket\nh2:5432:d:u:second");
        Assert.Equal("odd", Parse("host=a:b dbname=d\\\\e user=u").ToNpgsql().Password);
        Assert.Equal("socket", Parse("host=/var/run/postgresql dbname=d user=u").ToNpgsql().Password);
        var several = Parse("host=h1,h2 dbname=d user=u");
        Assert.Equal([null, "second"], several.Settings.Select(settings => settings.Password));
        Assert.False(several.HasPassword);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherExecute)]
    public void a_password_file_that_others_may_read_is_not_used_by_us_nor_by_the_driver(UnixFileMode mode)
    {
        var file = WriteFile(".pgpass", "*:*:*:*:secret", mode);
        var connectionString = Parse("postgresql://u@h/d");
        var settings = connectionString.ToNpgsql();
        Assert.Null(settings.Password);
        Assert.Equal("/dev/null", settings.Passfile);
        Assert.Contains(file, Assert.Single(connectionString.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", SslMode.Prefer)]
    [InlineData("sslmode=disable", SslMode.Disable)]
    [InlineData("sslmode=allow", SslMode.Allow)]
    [InlineData("sslmode=require", SslMode.Require)]
    [InlineData("sslmode=verify-full", SslMode.VerifyFull)]
    [InlineData("sslrootcert=system", SslMode.VerifyFull)]
    [InlineData("sslmode=require sslrootcert=$root", SslMode.VerifyCA)]
    [InlineData("sslmode=verify-ca sslrootcert=$root", SslMode.VerifyCA)]
    [InlineData("sslmode=prefer sslrootcert=$root", SslMode.Prefer)]
    [InlineData("sslmode=require sslrootcert=/nowhere", SslMode.Require)]
    [InlineData("sslmode=verify-full host=/sock", SslMode.Disable)]
    public void sslmode_means_what_it_means_in_libpq(string text, SslMode mode)
    {
        var root = WriteFile("root.pem", "");
        Assert.Equal(mode, Parse($"host=h {text.Replace("$root", root, StringComparison.Ordinal)}").ToNpgsql().SslMode);
    }

    [Fact]
    public void a_root_certificate_in_the_home_folder_makes_require_verify()
    {
        Directory.CreateDirectory(Path.Combine(_home.FullName, ".postgresql"));
        var root = WriteFile(".postgresql/root.crt", "");
        var settings = Parse("host=h sslmode=require").ToNpgsql();
        Assert.Equal((SslMode.VerifyCA, root), (settings.SslMode, settings.RootCertificate));
        Assert.Null(Parse("host=h sslmode=prefer").ToNpgsql().RootCertificate);
    }

    [Fact]
    public void jdbc_and_other_spellings_libpq_takes_are_taken()
    {
        Assert.Equal(SslMode.Require, Parse("postgresql://h/d?ssl=true").ToNpgsql().SslMode);
        Assert.Equal("ScramSHA256", Parse("host=h require_auth=scram-sha-256").ToNpgsql().RequireAuth);
        Assert.Equal(1024, Parse("host=h connect_timeout=9999").ToNpgsql().Timeout);
        Assert.Equal(0, Parse("host=h connect_timeout=0").ToNpgsql().Timeout);
        Assert.Equal((60, 5), (Parse("host=h keepalives_idle=60 keepalives_interval=5").ToNpgsql() is var s ? s.TcpKeepAliveTime : 0, 5));
        Assert.False(Parse("host=h keepalives=0").ToNpgsql().TcpKeepAlive);
        Assert.Equal(SslNegotiation.Direct, Parse("host=h sslmode=require sslnegotiation=direct").ToNpgsql().SslNegotiation);
    }

    [Fact]
    public void no_form_shows_the_password()
    {
        var connectionString = Parse("postgresql://u:canary@h:1,i:2/d");
        Assert.Equal("h:1,i:2/d", connectionString.Display);
        Assert.Equal("h:1,i:2/d", connectionString.ToString());
        Assert.True(connectionString.HasPassword);
        Assert.True(connectionString.HoldsPassword);
        Assert.DoesNotContain("canary", string.Join(' ', connectionString.LibpqEnvironment.Values), StringComparison.Ordinal);
    }

    [Fact]
    public void a_child_process_finds_the_same_server()
    {
        var environment = Parse("postgresql://u:p@h:1/d?sslmode=verify-full&channel_binding=require&options=-c%20a.b%3D1&connect_timeout=7").LibpqEnvironment;
        foreach (var (name, value) in new[]
                 {
                     ("PGHOST", "h"), ("PGPORT", "1"), ("PGUSER", "u"), ("PGDATABASE", "d"), ("PGSSLMODE", "verify-full"), ("PGCHANNELBINDING", "require"),
                     ("PGOPTIONS", "-c a.b=1"), ("PGCONNECT_TIMEOUT", "7"),
                 })
            Assert.Equal(value, environment[name]);
        Assert.True(environment.ContainsKey("PGSSLROOTCERT"));
        Assert.False(environment.ContainsKey("PGPASSWORD"));
        Assert.Equal("*:1:d\\:x:u:p\\\\q", LibpqEnvironment.PassfileLine(Parse("host=h port=1 dbname=d:x user=u password=p\\\\q").ToNpgsql()));
    }
}
