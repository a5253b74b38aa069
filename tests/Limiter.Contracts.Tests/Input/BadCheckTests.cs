using System.Net.Http.Headers;
using System.Text;

namespace Limiter.Contracts.Tests.Input;

/// <summary>Bad input is refused by the name of the field at fault, and consumes nothing.</summary>
public sealed class BadCheckTests
{
    private const string Good = """{"tenant":"acme","method":"GET","path":"/a"}""";

    [Theory]
    [InlineData("", "malformed_json", null)]
    [InlineData("{", "malformed_json", null)]
    [InlineData("[]", "malformed_json", null)]
    [InlineData("null", "malformed_json", null)]
    [InlineData("\"x\"", "malformed_json", null)]
    [InlineData("tenant=acme&method=GET", "malformed_json", null)]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a",}""", "malformed_json", null)]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a"}{}""", "malformed_json", null)]
    [InlineData("""{"tenant":"acme","method":"GET",/*c*/"path":"/a"}""", "malformed_json", null)]
    [InlineData("""{"tenant":"acme","method":'GET',"path":"/a"}""", "malformed_json", null)]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","weight":1}""", "unknown_field", "weight")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","Cost":1}""", "unknown_field", "Cost")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","path":"/b"}""", "duplicate_field", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","p\u0061th":"/b"}""", "duplicate_field", "path")]
    [InlineData("{}", "missing_field", "method")]
    [InlineData("""{"tenant":"acme","path":"/a"}""", "missing_field", "method")]
    [InlineData("""{"tenant":"acme","method":"GET"}""", "missing_field", "path")]
    [InlineData("""{"tenant":"acme","method":7,"path":"/a"}""", "invalid_field", "method")]
    [InlineData("""{"tenant":"acme","method":"","path":"/a"}""", "invalid_field", "method")]
    [InlineData("""{"tenant":"acme","method":"GET /","path":"/a"}""", "invalid_field", "method")]
    [InlineData("""{"tenant":"acme","method":null,"path":"/a"}""", "invalid_field", "method")]
    [InlineData("""{"tenant":"acme","method":"GET","path":["/a"]}""", "invalid_field", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":{"a":{"b":{"c":1}}}}""", "invalid_field", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":""}""", "invalid_field", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"a"}""", "invalid_path", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"*"}""", "invalid_path", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/\u0000"}""", "invalid_path", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/\ud800"}""", "invalid_field", "path")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","cost":"1"}""", "invalid_field", "cost")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","cost":1.5}""", "invalid_field", "cost")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","cost":true}""", "invalid_field", "cost")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","cost":-1}""", "cost_out_of_bounds", "cost")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","cost":9223372036854775807}""",
        "cost_out_of_bounds", "cost")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","cost":9223372036854775808}""", "invalid_field", "cost")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","records":-1}""", "invalid_field", "records")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","records":"5"}""", "invalid_field", "records")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","ip":"1.2.3.4.5"}""", "invalid_field", "ip")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","id":""}""", "invalid_field", "id")]
    [InlineData("""{"tenant":"acme","method":"GET","path":"/a","id":12}""", "invalid_field", "id")]
    [InlineData("""{"tenant":5,"method":"GET","path":"/a"}""", "invalid_field", "tenant")]
    [InlineData("""{"tenant":"acme","credential":"x","method":"GET","path":"/a"}""",
        "conflicting_fields", "credential")]
    [InlineData("""{"key":"k1","method":"GET","path":"/a"}""", "conflicting_fields", "key")]
    public async Task A_bad_body_is_400_and_names_the_field(string body, string code, string? field)
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        await RefusedAsync(served, Encoding.UTF8.GetBytes(body), 400, code, field);
    }

    [Theory]
    [InlineData("""{"tenant":"nobody","method":"GET","path":"/a"}""", 404, "unknown_tenant", "tenant")]
    [InlineData("""{"tenant":"no body","method":"GET","path":"/a"}""", 404, "unknown_tenant", "tenant")]
    [InlineData("""{"tenant":"acme","key":"k9","method":"GET","path":"/a"}""", 404, "unknown_key", "key")]
    [InlineData("""{"credential":"lk_none","method":"GET","path":"/a"}""", 401, "unknown_credential", "credential")]
    [InlineData("""{"method":"GET","path":"/a"}""", 401, "no_identity", null)]
    public async Task Who_is_not_known_is_refused(string body, int status, string code, string? field)
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        await RefusedAsync(served, Encoding.UTF8.GetBytes(body), status, code, field);
    }

    [Theory]
    [InlineData(0xff)]
    [InlineData(0xc0)]
    [InlineData(0x80)]
    public async Task Bytes_that_are_not_UTF_8_are_refused(int octet)
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var body = Encoding.UTF8.GetBytes(Good);
        body[Good.IndexOf("/a", StringComparison.Ordinal) + 1] = (byte)octet;
        await RefusedAsync(served, body, 400, "invalid_utf8", null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_above_64_KiB_is_413_and_one_of_64_KiB_is_not(bool chunked)
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var body = Encoding.UTF8.GetBytes(Good + new string(' ', 64 * 1024 + 1 - Good.Length));
        await RefusedAsync(served, body, 413, "body_too_large", null, chunked);
        using var request = Request(body[..^1], chunked);
        (await Answer.ReadAsync(await served.Gateway.SendAsync(request))).ShouldBeAllowed(100, 97);
    }

    [Fact]
    public async Task A_path_above_8_KiB_is_refused_and_one_of_8_KiB_is_not()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var path = "/" + new string('a', 8 * 1024);
        (await served.CheckAsync(Ask.Read with { Path = path })).ShouldBeProblem(400, "path_too_long", "path");
        (await served.CheckAsync(Ask.Read with { Path = path[..^1] })).ShouldBeAllowed(100, 97);
    }

    [Theory]
    [InlineData("""{"checkId":"x","cost":1}""", "invalid_check_id", "checkId")]
    [InlineData(
        """{"checkId":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","cost":1}""",
        "forged_check_id", "checkId")]
    [InlineData("""{"checkId":7,"cost":1}""", "invalid_field", "checkId")]
    [InlineData("""{"cost":1}""", "missing_field", "checkId")]
    [InlineData("""{"checkId":"x"}""", "missing_field", "cost")]
    [InlineData("""{"checkId":"x","cost":"1"}""", "invalid_field", "cost")]
    [InlineData("""{"checkId":"x","cost":1,"tenant":"acme"}""", "unknown_field", "tenant")]
    public async Task A_bad_charge_is_400_and_names_the_field(string body, string code, string field)
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        (await served.PostAsync("/v1/charge", body)).ShouldBeProblem(400, code, field);
    }

    private static async Task RefusedAsync(
        Served served, byte[] body, int status, string code, string? field, bool chunked = false)
    {
        using var request = Request(body, chunked);
        (await Answer.ReadAsync(await served.Gateway.SendAsync(request))).ShouldBeProblem(status, code, field);
        (await served.LimitsAsync(Ask.Read)).Left("points").ShouldBe(100);
    }

    private static HttpRequestMessage Request(byte[] body, bool chunked)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/check") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        return request;
    }
}
