using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Limiter.Azurite;

namespace Limiter.Tables.Tests.Client;

/// <summary>The client against a real service: one entity at a time.</summary>
public sealed class EntityTests(AzuriteServer azurite) : ClientTests(azurite)
{
    [Fact]
    public async Task A_property_of_every_type_comes_back_as_it_was_stored()
    {
        var guid = new Guid("6f9619ff-8b86-d011-b42d-00cf4fc964ff");
        var time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);
        var sent = new TableEntity("p", "r")
        {
            ["Text"] = "a \"quoted\" é 🙂 \\ /\u0001",
            ["Empty"] = "",
            ["Truth"] = true,
            ["Int"] = -7,
            ["Long"] = long.MaxValue,
            ["Double"] = 1.5,
            ["Whole"] = 2.0,
            ["Bytes"] = new byte[] { 0, 1, 254, 255 },
            ["Guid"] = guid,
            ["Time"] = time,
            ["Nothing"] = null,
        };
        await Table.AddEntityAsync(sent, Cancellation);
        var found = (await Table.GetEntityAsync<TableEntity>("p", "r", null, Cancellation)).Value;
        found.PartitionKey.ShouldBe("p");
        found.RowKey.ShouldBe("r");
        found.GetString("Text").ShouldBe(sent.GetString("Text"));
        found.GetString("Empty").ShouldBe("");
        found.GetBoolean("Truth").ShouldBe(true);
        found.GetInt32("Int").ShouldBe(-7);
        found.GetInt64("Long").ShouldBe(long.MaxValue);
        found.GetDouble("Double").ShouldBe(1.5);
        found.GetDouble("Whole").ShouldBe(2.0);
        found.GetBinary("Bytes").ShouldBe([0, 1, 254, 255]);
        found.GetGuid("Guid").ShouldBe(guid);
        found.GetDateTimeOffset("Time").ShouldBe(time);
        found.ContainsKey("Nothing").ShouldBeFalse();
        found.Timestamp.ShouldNotBeNull();
        found.ETag.ShouldNotBe(default);
    }

    [Fact]
    public async Task A_class_of_the_caller_s_own_is_an_entity_too()
    {
        await Table.AddEntityAsync(
            new Visit { PartitionKey = "p", RowKey = "r", Count = 3, Length = 4_000_000_000 }, Cancellation);
        var found = (await Table.GetEntityAsync<Visit>("p", "r", null, Cancellation)).Value;
        (found.Count, found.Length).ShouldBe((3, 4_000_000_000));
        found.ETag.ShouldNotBe(default);
    }

    [Theory]
    [InlineData("it's", "''")]
    [InlineData("a b", " lead and trail ")]
    [InlineData("100%", "%41%2f")]
    [InlineData("é🙂", "日本")]
    [InlineData("a&b=c", "a;b,c:d@e$f!g*h(i)j~k")]
    [InlineData("a+b", "[x]{y}|z^`<>\"")]
    [InlineData("..", ".")]
    public async Task Keys_of_odd_characters_find_their_entities(string partition, string row)
    {
        await Table.AddEntityAsync(new TableEntity(partition, row) { ["N"] = 1 }, Cancellation);
        var found = (await Table.GetEntityAsync<TableEntity>(partition, row, null, Cancellation)).Value;
        (found.PartitionKey, found.RowKey).ShouldBe((partition, row));
        await Table.UpdateEntityAsync(
            new TableEntity(partition, row) { ["N"] = 2 }, found.ETag, TableUpdateMode.Replace, Cancellation);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey eq {row}");
        var listed = await ReadAsync(Table.QueryAsync<TableEntity>(filter, null, null, Cancellation));
        listed.ShouldHaveSingleItem().GetInt32("N").ShouldBe(2);
        (await Table.DeleteEntityAsync(partition, row, default, Cancellation)).Status.ShouldBe(204);
        (await Table.GetEntityIfExistsAsync<TableEntity>(partition, row, null, Cancellation)).HasValue.ShouldBeFalse();
    }

    [Fact]
    public async Task An_entity_is_added_once()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r"), Cancellation);
        var failure = await Should.ThrowAsync<RequestFailedException>(
            () => Table.AddEntityAsync(new TableEntity("p", "r"), Cancellation));
        failure.Status.ShouldBe(409);
        failure.ErrorCode.ShouldBe(TableErrorCode.EntityAlreadyExists.ToString());
    }

    [Fact]
    public async Task What_is_missing_is_said_to_be_missing()
    {
        var failure = await Should.ThrowAsync<RequestFailedException>(
            () => Table.GetEntityAsync<TableEntity>("p", "r", null, Cancellation));
        failure.Status.ShouldBe(404);
        (await Table.GetEntityIfExistsAsync<TableEntity>("p", "r", null, Cancellation)).HasValue.ShouldBeFalse();
        (await Table.DeleteEntityAsync("p", "r", default, Cancellation)).Status.ShouldBe(404);
        (await Should.ThrowAsync<RequestFailedException>(() => Table.UpdateEntityAsync(
            new TableEntity("p", "r"), ETag.All, TableUpdateMode.Replace, Cancellation))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_change_of_another_version_is_refused()
    {
        var added = await Table.AddEntityAsync(new TableEntity("p", "r") { ["N"] = 1 }, Cancellation);
        var old = added.Headers.ETag!.Value;
        var second = new TableEntity("p", "r") { ["N"] = 2 };
        var changed = await Table.UpdateEntityAsync(second, old, TableUpdateMode.Replace, Cancellation);
        changed.Headers.ETag!.Value.ShouldNotBe(old);
        foreach (var mode in new[] { TableUpdateMode.Replace, TableUpdateMode.Merge })
        {
            var failure = await Should.ThrowAsync<RequestFailedException>(() => Table.UpdateEntityAsync(
                new TableEntity("p", "r") { ["N"] = 3 }, old, mode, Cancellation));
            failure.Status.ShouldBe(412);
            failure.ErrorCode.ShouldBe(TableErrorCode.UpdateConditionNotSatisfied.ToString());
        }
        (await Should.ThrowAsync<RequestFailedException>(
            () => Table.DeleteEntityAsync("p", "r", old, Cancellation))).Status.ShouldBe(412);
        var found = (await Table.GetEntityAsync<TableEntity>("p", "r", null, Cancellation)).Value;
        found.GetInt32("N").ShouldBe(2);
        found.ETag.ShouldBe(changed.Headers.ETag!.Value);
    }

    [Fact]
    public async Task A_merge_keeps_what_a_replacement_drops()
    {
        await Table.UpsertEntityAsync(
            new TableEntity("p", "r") { ["A"] = 1, ["B"] = 1 }, TableUpdateMode.Replace, Cancellation);
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, TableUpdateMode.Merge, Cancellation);
        var merged = (await Table.GetEntityAsync<TableEntity>("p", "r", null, Cancellation)).Value;
        (merged.GetInt32("A"), merged.GetInt32("B")).ShouldBe((1, 2));
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 3 }, TableUpdateMode.Replace, Cancellation);
        var replaced = (await Table.GetEntityAsync<TableEntity>("p", "r", null, Cancellation)).Value;
        (replaced.GetInt32("A"), replaced.GetInt32("B")).ShouldBe((null, 3));
    }

    [Fact]
    public async Task Only_the_selected_properties_are_read()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, Cancellation);
        var found = (await Table.GetEntityAsync<TableEntity>("p", "r", ["A"], Cancellation)).Value;
        (found.GetInt32("A"), found.GetInt32("B")).ShouldBe((1, null));
    }

    [Fact]
    public async Task A_property_and_an_entity_may_be_large_and_no_larger()
    {
        await Table.AddEntityAsync(Large(15), Cancellation);
        var found = (await Table.GetEntityAsync<TableEntity>("p", "15", null, Cancellation)).Value;
        found.GetBinary("B14").ShouldBe(Large(15).GetBinary("B14"));
        var property = await Should.ThrowAsync<RequestFailedException>(() => Table.AddEntityAsync(
            new TableEntity("p", "r") { ["Bytes"] = new byte[64 * 1024 + 1] }, Cancellation));
        property.ErrorCode.ShouldBe(TableErrorCode.PropertyValueTooLarge.ToString());
        // The emulator looks at an entity's size only when it may exist already.
        var entity = await Should.ThrowAsync<RequestFailedException>(() => Table.UpsertEntityAsync(
            Large(17), TableUpdateMode.Replace, Cancellation));
        entity.ErrorCode.ShouldBe(TableErrorCode.EntityTooLarge.ToString());
    }

    /// <summary>Properties of the most bytes that one may have, 64 KiB.</summary>
    private static TableEntity Large(int properties)
    {
        var entity = new TableEntity("p", properties.ToString(CultureInfo.InvariantCulture));
        foreach (var i in Enumerable.Range(0, properties))
            entity[string.Create(CultureInfo.InvariantCulture, $"B{i}")] =
                Enumerable.Repeat((byte)i, 64 * 1024).ToArray();
        return entity;
    }

    private sealed class Visit : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int Count { get; set; }

        public long Length { get; set; }
    }
}
