using System.Security.Cryptography;

namespace Limiter.Tables.Rows;

/// <summary>
/// Names for writes and for tenants' lives. A request whose answer was lost is sent again and then finds its own
/// effect: a row that bears its stamp.
/// </summary>
internal static class Stamp
{
    public static string New() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
