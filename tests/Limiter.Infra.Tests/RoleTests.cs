using System.Text.RegularExpressions;
using Limiter.Infra.Tests.Reading;

namespace Limiter.Infra.Tests;

/// <summary>What the app may do. A role more is a decision, made here.</summary>
public sealed class RoleTests
{
    private static readonly (string Role, string Id, string Module, string Scope)[] Granted =
    [
        ("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "storage", "account"),
        ("Storage Table Data Contributor", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "storage", "account"),
        ("Durable Task Data Contributor", "0ad04412-c4d5-4796-b79c-f76d14c8d402", "scheduler", "taskHub"),
        ("Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb", "monitoring", "insights"),
        ("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6", "vault", "vault"),
    ];

    [Fact]
    public void The_identity_has_these_roles_there_and_no_other()
    {
        (from file in BicepFile.All
         from assignment in file.Every("resource")
         where assignment.Type == "Microsoft.Authorization/roleAssignments"
         let values = assignment.Values
         let role = Regex.Match(values["properties.roleDefinitionId"],
             @"^subscriptionResourceId \( 'Microsoft\.Authorization/roleDefinitions' , (\w+) \)$").Groups[1].Value
         let id = file.Every("var").Single(one => one.Name == role).Tokens[^1].Text.Trim('\'')
         select (id, file.Path, values["scope"], values["name"], values["properties.principalId"]))
        .ShouldBe(
            from one in Granted
            let file = BicepFile.Module(one.Module)
            let role = file.Every("var").Single(declared => declared.Tokens[^1].Text == $"'{one.Id}'").Name
            select (one.Id, file.Path, one.Scope, $"guid ( {one.Scope} . id , principalId , {role} )", "principalId"),
            ignoreOrder: true);
    }

    [Fact]
    public void A_role_is_named_where_its_id_stands() =>
        Granted.Where(one => !Regex.IsMatch(BicepFile.Module(one.Module).Text,
                $@"// {one.Role}:[^\n]*\n(//[^\n]*\n)*var \w+ = '{one.Id}'"))
            .Select(one => one.Role).ShouldBeEmpty();
}
