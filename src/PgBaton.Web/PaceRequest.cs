namespace PgBaton.Web;

/// <summary>How hard the copy pushes both servers.</summary>
sealed class PaceRequest
{
    /// <summary>Parts copied at the same time.</summary>
    public int Jobs { get; set; }
}
