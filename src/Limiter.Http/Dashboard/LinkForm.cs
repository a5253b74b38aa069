using Limiter.Http.Auth;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Dashboard;

/// <summary>The body that makes a viewer's link. All of it may be left out.</summary>
/// <param name="Days">How long the link lives; 1 to <see cref="ViewerLinks.DaysMax"/>.</param>
/// <param name="Name">Whom it is for; empty for nobody in particular.</param>
internal sealed record LinkForm(long Days, string Name)
{
    private const int DaysField = 0;

    private static readonly FieldNames Names = new("days", "name");

    public static Problem? TryRead(in RequestBody body, out LinkForm form)
    {
        form = new LinkForm(ViewerLinks.DaysDefault, "");
        if (body.Problem is { } problem) return problem;
        if (body.Bytes.IsEmpty) return null;
        var json = new StrictReader(body.Bytes);
        var (days, name) = (form.Days, form.Name);
        if (json.Open())
            while (json.Next(Names, out var field) && field switch
            {
                DaysField => json.Integer(Names[field], 1, ViewerLinks.DaysMax, out days),
                _ => json.Text(Names[field], ViewerLinks.NameLengthMax, out name),
            }) { }
        form = new LinkForm(days, name);
        return json.Problem;
    }
}
