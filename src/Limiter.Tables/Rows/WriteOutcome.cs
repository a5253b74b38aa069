namespace Limiter.Tables.Rows;

/// <summary>What became of a write, or of a whole transaction.</summary>
internal enum WriteOutcome
{
    Done,

    /// <summary>A row to add is there already.</summary>
    Exists,

    /// <summary>A row has another version than the one that the write was made from.</summary>
    Changed,

    /// <summary>A row to change or to delete is not there.</summary>
    Missing,
}
