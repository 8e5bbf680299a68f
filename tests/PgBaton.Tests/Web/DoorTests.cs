using System.Net;

namespace PgBaton.Tests.Web;

/// <summary>Each way in which somebody may try to come in who should not.</summary>
public sealed class DoorTests
{
    static readonly (string, string) _bearer = ("Authorization", $"Bearer {Served.Token}");

    [Fact]
    public async Task nothing_is_told_without_the_token()
    {
        await using var served = await Served.StartAsync();
        string[] paths = ["/", "/main.js", "/metrics", "/api/v1/migrations", "/api/v1/openapi.json", "/api/v1/steps", "/no/such/page", "/?token=", "/?token=wrong"];
        (string, string)[] wrong =
        [
            ("X-Nothing", "at all"), ("Authorization", "Bearer wrong"), ("Authorization", Served.Token), ("Authorization", $"Basic {Served.Token}"),
            ("Authorization", $"Bearer {Served.Token[..^1]}"), ("Cookie", $"pgbaton_{served.Address.Port}={Served.Token}"), ("Cookie", $"pgbaton_{served.Address.Port}="),
        ];
        foreach (var path in paths)
        {
            foreach (var header in wrong)
            {
                using var answer = await served.SendAsync(HttpMethod.Get, path, null, header);
                Assert.Equal((path, HttpStatusCode.Unauthorized), (path, answer.StatusCode));
                Assert.Equal("PB0040", (string?)(await Served.ProblemOf(answer))["code"]);
                Assert.False(answer.Headers.Contains("Set-Cookie"));
            }
        }
    }

    [Fact]
    public async Task a_person_without_the_token_is_told_where_it_is()
    {
        await using var served = await Served.StartAsync();

        using var answer = await served.SendAsync(HttpMethod.Get, "/", null, ("Accept", "text/html,application/xhtml+xml"));

        Assert.Equal((HttpStatusCode.Unauthorized, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("pgbaton serve", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        using var wrong = await served.SendAsync(HttpMethod.Get, "/?token=no-such-token-at-all-here", null, ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Contains("The token in this address is not", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("The token in this address is not", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var elsewhere = await served.SendAsync(HttpMethod.Get, "/api/v1/migrations", null, ("Accept", "text/html"));
        Assert.Equal("PB0040", (string?)(await Served.ProblemOf(elsewhere))["code"]);
    }

    [Fact]
    public async Task a_person_whose_address_leads_nowhere_is_led_to_the_page_and_a_program_gets_a_problem()
    {
        await using var served = await Served.StartAsync();
        var token = ("Authorization", $"Bearer {Served.Token}");

        using var answer = await served.SendAsync(HttpMethod.Get, "/nope", null, ("Accept", "text/html"), token);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("href=\"/\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var program = await served.SendAsync(HttpMethod.Get, "/nope", null, token);
        Assert.Equal("PB0043", (string?)(await Served.ProblemOf(program))["code"]);
    }

    [Fact]
    public async Task the_token_is_exchanged_for_a_cookie_that_is_not_the_token()
    {
        await using var served = await Served.StartAsync();
        using var entry = await served.SendAsync(HttpMethod.Get, $"/?token={Served.Token}");
        var cookie = Assert.Single(entry.Headers.GetValues("Set-Cookie"));

        Assert.Equal((HttpStatusCode.SeeOther, "/"), (entry.StatusCode, entry.Headers.Location?.ToString()));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Served.Token, cookie, StringComparison.Ordinal);
        using var page = await served.SendAsync(HttpMethod.Get, "/", null, ("Cookie", cookie.Split(';')[0]));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    public async Task a_name_that_was_made_to_point_here_is_refused(string host)
    {
        await using var served = await Served.StartAsync();
        foreach (var path in (string[])["/", $"/?token={Served.Token}", "/api/v1/migrations", "/healthz"])
        {
            using var answer = await served.SendAsync(HttpMethod.Get, path, null, _bearer, ("Host", $"{host}:{served.Address.Port}"));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
            Assert.Equal("PB0041", (string?)(await Served.ProblemOf(answer))["code"]);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("192.0.2.7")]
    [InlineData("db-tools.example")]
    public async Task our_own_names_and_addresses_are_answered(string host)
    {
        await using var served = await Served.StartAsync();
        using var answer = await served.SendAsync(HttpMethod.Get, "/api/v1/migrations", null, _bearer, ("Host", $"{host}:{served.Address.Port}"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task a_request_from_another_site_is_refused()
    {
        await using var served = await Served.StartAsync();
        var here = served.Address.GetLeftPart(UriPartial.Authority);
        (string, string)[] foreign =
        [
            ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", $"http://127.0.0.1:{served.Address.Port + 1}"), ("Origin", here.Replace("http", "https", StringComparison.Ordinal)),
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"),
        ];
        foreach (var header in foreign)
        {
            using var post = await served.SendAsync(HttpMethod.Post, "/api/v1/check", new { source = "x" }, _bearer, header);
            using var get = await served.SendAsync(HttpMethod.Get, "/api/v1/migrations", null, _bearer, header);
            Assert.Equal((header, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (header, post.StatusCode, get.StatusCode));
            Assert.Equal("PB0041", (string?)(await Served.ProblemOf(post))["code"]);
        }

        using var ours = await served.SendAsync(HttpMethod.Get, "/api/v1/migrations", null, _bearer, ("Origin", here), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.OK, ours.StatusCode);
    }

    [Fact]
    public async Task a_form_of_another_site_is_not_understood()
    {
        await using var served = await Served.StartAsync();
        using var client = new HttpClient { BaseAddress = served.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/migrations")
        {
            Content = new StringContent("{\"source\":\"host=a\",\"target\":\"host=b\"}", System.Text.Encoding.UTF8, "text/plain"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Served.Token}");
        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Empty((await served.GetAsync("/api/v1/migrations")).AsArray());
    }

    [Fact]
    public async Task every_answer_forbids_scripts_frames_and_guesses()
    {
        await using var served = await Served.StartAsync();
        foreach (var path in (string[])["/", "/main.js", "/page.css", "/api/v1/migrations", "/no/such/page", "/healthz"])
        {
            using var answer = await served.AskAsync(HttpMethod.Get, path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task health_needs_no_token_and_tells_nothing_else()
    {
        await using var served = await Served.StartAsync(new MigrationOptions { Target = "postgresql://someone:c4n4ry@127.0.0.1:1/nothing" });
        using var health = await served.SendAsync(HttpMethod.Get, "/healthz");
        using var ready = await served.SendAsync(HttpMethod.Get, "/readyz");

        Assert.Equal((HttpStatusCode.OK, "ok\n"), (health.StatusCode, await health.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "a target does not answer\n"), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
    }
}
