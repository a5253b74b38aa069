using System.Security.Cryptography;
using Azure.Data.Tables;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>What the whole directory has one of: the policy's generation, and the key that signs check ids.</summary>
internal sealed class FactTable(StoredTable table, TimeProvider clock)
{
    private const string Partition = "facts";
    private const string PolicyRow = "policy";
    private const string SigningRow = "signing-key";

    public async Task<long> PolicyGenerationAsync(byte[] digest, CancellationToken cancellation)
    {
        for (var attempts = new Attempts("the policy's generation", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await table.FindAsync(Partition, PolicyRow, cancellation).ConfigureAwait(false);
            var (generation, last) = row is null
                ? (0, [])
                : Damage.Guard(row, row => (row.Number("Generation"), row.Bytes("Digest")));
            if (digest.AsSpan().SequenceEqual(last)) return generation;
            var next = new TableEntity(Partition, PolicyRow) { ["Generation"] = generation + 1, ["Digest"] = digest };
            var outcome = row is null
                ? await table.AddAsync(next, cancellation).ConfigureAwait(false)
                : await table.ReplaceAsync(next, row.ETag, cancellation).ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return generation + 1;
        }
    }

    public async Task<byte[]> SigningKeyAsync(CancellationToken cancellation)
    {
        for (var attempts = new Attempts("the signing key", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await table.FindAsync(Partition, SigningRow, cancellation).ConfigureAwait(false);
            if (row is not null) return Damage.Guard(row, row => row.Bytes("Key"));
            var made = new TableEntity(Partition, SigningRow) { ["Key"] = RandomNumberGenerator.GetBytes(32) };
            await table.AddAsync(made, cancellation).ConfigureAwait(false);
        }
    }
}
