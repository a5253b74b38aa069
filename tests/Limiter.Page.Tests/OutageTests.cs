using Microsoft.Data.Sqlite;

namespace Limiter.Page.Tests;

/// <summary>The operator's view while the store is out of reach: another process holds its lock.</summary>
public sealed class OutageTests(Chromium chromium)
{
    [Fact]
    public async Task While_the_store_is_out_of_reach_the_page_says_so_and_then_no_more()
    {
        var folder = Directory.CreateTempSubdirectory("limiter-page-").FullName;
        try
        {
            await using var server = await PageServer.StartAsync("wundertre", data: folder);
            await server.RegisterAsync("acme", "standard");
            await server.CheckAsync("acme");
            await using var reader = await chromium.OpenAsync(server);
            await reader.SignInAsync();
            var banner = reader.Page.GetByText("A store cannot be reached");
            await reader.Page.GetByText("in reach", new() { Exact = true }).WaitForAsync();
            (await banner.IsVisibleAsync()).ShouldBeFalse();
            using (var held = new SqliteConnection($"Data Source={folder}/limiter.db;Pooling=False"))
            {
                held.Open();
                Run(held, "BEGIN IMMEDIATE");
                await UntilAsync(server, () => banner.IsVisibleAsync());
                await reader.ShootAsync("overview-outage");
                Run(held, "ROLLBACK");
            }
            await UntilAsync(server, async () => !await banner.IsVisibleAsync());
            reader.ShouldBeAtEase();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Asked for by checks alone: nobody else notices that the store is away or back.
    private static async Task UntilAsync(PageServer server, Func<Task<bool>> isSo)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await server.CheckAsync("acme");
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
