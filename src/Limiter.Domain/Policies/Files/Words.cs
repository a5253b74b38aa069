namespace Limiter.Domain.Policies.Files;

/// <summary>Lists of names as an error's reader wants them.</summary>
internal static class Words
{
    private const int ListedMax = 20;

    /// <summary>"a", "b"; at most 20 of them.</summary>
    public static string List(IEnumerable<string> names)
    {
        var all = names.ToArray();
        var listed = string.Join(", ", all.Take(ListedMax).Select(PolicyNode.Quote));
        return all.Length switch
        {
            0 => "none",
            > ListedMax => $"{listed} and {all.Length - ListedMax} more",
            _ => listed,
        };
    }

    /// <summary>A hint at the name that was probably meant, with a leading space; empty when none is near.</summary>
    public static string Hint(string name, IEnumerable<string> accepted)
    {
        const int far = 3;
        var near = accepted
            .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.distance < Math.Min(far, pair.candidate.Length))
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
        return near is null ? "" : $" Did you mean {PolicyNode.Quote(near)}?";
    }

    /// <summary>Single-character edits from one to the other (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        // Names are short; a long one is far from all of them and need not be measured.
        if (Math.Abs(left.Length - right.Length) > 2) return int.MaxValue;
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
