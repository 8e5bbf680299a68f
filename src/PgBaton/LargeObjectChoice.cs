namespace PgBaton;

/// <summary>What becomes of large objects (<c>--large-objects</c>).</summary>
public enum LargeObjectChoice
{
    /// <summary>They are copied and, inside the fence, compared and brought level.</summary>
    Copy,

    /// <summary>They stay behind.</summary>
    Skip,
}
