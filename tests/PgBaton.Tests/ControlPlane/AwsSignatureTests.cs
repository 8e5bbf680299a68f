using System.Text;
using PgBaton.ControlPlane;

namespace PgBaton.Tests.ControlPlane;

public sealed class AwsSignatureTests
{
    // AWS's published test suite for signature version 4: key, time, region and service of all its requests.
    static readonly AwsCredentials _example = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
    static readonly DateTimeOffset _at = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("get-vanilla", "GET", "/", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", "", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("post-vanilla", "POST", "/", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData(
        "post-x-www-form-urlencoded", "POST", "/",
        "Content-Type=application/x-www-form-urlencoded|Content-Length=13|X-Amz-Content-Sha256=9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
        "Param1=value1", "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b")]
    public void the_published_requests_get_the_published_signatures(string name, string method, string path, string headers, string body, string signature)
    {
        var given = headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => header.Split('=', 2)).ToDictionary(header => header[0], header => header[1]);
        var added = new AwsSignature(_example, "us-east-1", "service").Sign(
            method, new Uri($"https://example.amazonaws.com{path}"), given, Encoding.UTF8.GetBytes(body), _at);
        Assert.True(added["Authorization"].EndsWith($"Signature={signature}", StringComparison.Ordinal), $"{name}: {added["Authorization"]}");
        Assert.Equal("20150830T123600Z", added["X-Amz-Date"]);
    }

    [Fact]
    public void a_token_of_keys_that_expire_is_sent_and_signed()
    {
        var added = new AwsSignature(_example with { SessionToken = "token" }, "us-east-1", "service").Sign("GET", new Uri("https://example.amazonaws.com/"), new Dictionary<string, string>(), [], _at);
        Assert.Equal("token", added["X-Amz-Security-Token"]);
        Assert.Contains("SignedHeaders=host;x-amz-date;x-amz-security-token,", added["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public void keys_come_from_variables_or_a_profile_and_are_not_shown()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "[default]\naws_access_key_id = AKDEFAULT\naws_secret_access_key = canary-1\n\n[work]\naws_access_key_id=AKWORK\naws_secret_access_key=canary-2\naws_session_token=canary-3\n");
        try
        {
            var variables = new Dictionary<string, string> { ["AWS_SHARED_CREDENTIALS_FILE"] = file };
            Assert.Equal(new AwsCredentials("AKDEFAULT", "canary-1", null), AwsCredentials.Find(variables.GetValueOrDefault));
            variables["AWS_PROFILE"] = "work";
            var work = AwsCredentials.Find(variables.GetValueOrDefault);
            Assert.Equal(("AKWORK", "canary-2", "canary-3"), (work.KeyId, work.Secret, work.SessionToken));
            Assert.DoesNotContain("canary", $"{work}", StringComparison.Ordinal);
            variables["AWS_PROFILE"] = "other";
            var error = Assert.Throws<MigrationException>(() => AwsCredentials.Find(variables.GetValueOrDefault));
            Assert.Equal("PB0901", error.Code);
            (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]) = ("AKVARIABLE", "canary-4");
            Assert.Equal("AKVARIABLE", AwsCredentials.Find(variables.GetValueOrDefault).KeyId);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
