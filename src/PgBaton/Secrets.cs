using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace PgBaton;

/// <summary>Passwords as they stand in connection strings.</summary>
public static partial class Secrets
{
    /// <summary>There is one in it.</summary>
    public static bool IsIn(string text) => InUri().IsMatch(text) || InKeywords().IsMatch(text);

    /// <summary>The text with three stars in the place of each.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Remove(string? text) => text is null ? null : InKeywords().Replace(InUri().Replace(text, "$1***@"), "$1***");

    // Up to the last @, since a password that was not escaped may hold one.
    [GeneratedRegex(@"(\b\w+://[^:/?#@\s]*:)[^\s]+@")]
    private static partial Regex InUri();

    // The variables that a runbook asks for are no passwords.
    [GeneratedRegex(@"(password\s*=\s*)(?!\$(?:SOURCE|TARGET)_PASSWORD\b|\$\{(?:SOURCE|TARGET)_PASSWORD|'\$\{password//)(?:'(?:[^'\\]|\\.|'')*'|[^\s&;""']+)", RegexOptions.IgnoreCase)]
    private static partial Regex InKeywords();
}
