namespace PgBaton.ControlPlane;

/// <summary>Keys of AWS, from where its own programs take them: the variables first, then the file of profiles.</summary>
/// <param name="KeyId">May be shown.</param>
/// <param name="Secret">May not.</param>
/// <param name="SessionToken">Of keys that expire.</param>
sealed record AwsCredentials(string KeyId, string Secret, string? SessionToken)
{
    /// <summary>Never the keys.</summary>
    public override string ToString() => $"AWS key {KeyId}";

    /// <exception cref="MigrationException">PB0901.</exception>
    public static AwsCredentials Find(Func<string, string?> environment)
    {
        if (environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } id && environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret)
            return new(id, secret, environment("AWS_SESSION_TOKEN") is { Length: > 0 } token ? token : null);
        var file = environment("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } given
            ? given : Path.Combine(environment("HOME") ?? "/", ".aws", "credentials");
        var profile = environment("AWS_PROFILE") is { Length: > 0 } named ? named : "default";
        var settings = File.Exists(file) ? Section(File.ReadLines(file), profile) : [];
        return settings.TryGetValue("aws_access_key_id", out var fileId) && settings.TryGetValue("aws_secret_access_key", out var fileSecret)
            ? new(fileId, fileSecret, settings.GetValueOrDefault("aws_session_token"))
            : throw Errors.NoApiKey("AWS", $"AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, and {file} has no profile [{profile}] with keys.",
                "Set both variables, or AWS_PROFILE; \"aws configure export-credentials --format env\" prints them for other kinds of sign-in.");
    }

    static Dictionary<string, string> Section(IEnumerable<string> lines, string name)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var isIn = false;
        foreach (var line in lines.Select(line => line.Trim()))
        {
            if (line.StartsWith('['))
                isIn = line.Trim('[', ']', ' ') == name;
            else if (isIn && line.Split('=', 2, StringSplitOptions.TrimEntries) is [var key, var value])
                settings[key] = value;
        }

        return settings;
    }
}
