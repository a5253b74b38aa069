namespace Limiter.Domain.Tests.Policies;

public class ResponseErrorTests
{
    [Theory]
    [InlineData("""{}""", "$.response", "has no \"denied\"; the body of a 429 is needed")]
    [InlineData("""true""", "$.response", "is true; an object is accepted, with \"describe\"")]
    [InlineData(
        """{ "denied": "no" }""",
        "$.response.denied",
        "is the text \"no\"; the body of a response is accepted, as an object")]
    [InlineData(
        """{ "denied": {}, "describe": "hour" }""",
        "$.response.describe",
        "is the text \"hour\". Accepted are \"binding\", \"minute\"")]
    [InlineData("""{ "denied": {}, "reset": "date" }""", "$.response.reset", "Accepted are \"unix\", \"httpDate\"")]
    [InlineData(
        """{ "denied": {}, "remainingWhenDenied": 0 }""",
        "$.response.remainingWhenDenied",
        "Accepted are \"actual\", \"zero\"")]
    [InlineData(
        """{ "denied": {}, "ietf": "yes" }""",
        "$.response.ietf",
        "is the text \"yes\"; true or false is accepted")]
    [InlineData("""{ "problem": false }""", "$.response", "has no \"denied\"; the body of a 429 is needed")]
    [InlineData(
        """{ "problem": true, "denied": {} }""",
        "$.response.denied",
        "is a body beside \"problem\": true, which is the body of every 429")]
    [InlineData(
        """{ "problem": true, "deniedBy": {} }""",
        "$.response.deniedBy",
        "is a body beside \"problem\": true, which is the body of every 429")]
    [InlineData("""{ "denied": {}, "header": 1 }""", "$.response.header", "is not a known property")]
    [InlineData(
        """{ "denied": {}, "deniedBy": [] }""",
        "$.response.deniedBy",
        "an object of bodies by the name of a limit")]
    [InlineData(
        """{ "denied": {}, "deniedBy": { "minut": {} } }""",
        "$.response.deniedBy.minut",
        "is no limit of this policy. Did you mean \"minute\"?")]
    [InlineData(
        """{ "denied": { "a": "{retryafter}" } }""",
        "$.response.denied.a",
        "has the placeholder {retryafter}, which is not known. Did you mean \"retryAfter\"? Accepted are")]
    [InlineData("""{ "denied": { "a": ["{"] } }""", "$.response.denied.a[0]", "has a single {")]
    [InlineData("""{ "denied": { "a": "b}" } }""", "$.response.denied.a", "has a single }")]
    [InlineData(
        """{ "denied": { "a": "{timestamp:number}" } }""",
        "$.response.denied.a",
        "for a number the whole text is one placeholder")]
    [InlineData(
        """{ "denied": { "a": "in {retryAfter:number}" } }""",
        "$.response.denied.a",
        "for a number the whole text is one placeholder")]
    public void A_response_says_what_is_wrong_with_it(string response, string path, string message) =>
        PolicyText.ShouldFail(PolicyText.With(response: response), path, PolicyText.ResponseLine, message);

    [Fact]
    public void A_described_limit_counts_every_request()
    {
        var text = PolicyText.With(
            limits: """{ "minute": { "algorithm": "fixedWindow", "window": "60s", "groups": ["standard"] } }""",
            response: """{ "denied": {}, "describe": "minute" }""");

        PolicyText.ShouldFail(text, "$.response.describe", PolicyText.ResponseLine, "which counts only some groups");
    }

    [Fact]
    public void Bodies_are_bounded()
    {
        string Body(string text) => $"{{ \"denied\": {{ \"a\": \"{text}\" }} }}";

        PolicyText.ShouldFail(PolicyText.With(response: Body(new string('a', 9_000))),
            "$.response.denied", 6, "at most 8,192 are accepted");
        PolicyText.ShouldFail(PolicyText.With(response: Body(string.Concat(Enumerable.Repeat("{cost}", 33)))),
            "$.response.denied", 6, "has 33 placeholders; at most 32 are accepted");
    }
}
