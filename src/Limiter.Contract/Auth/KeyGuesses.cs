using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Limiter.Domain.Decisions;
using Limiter.Http.Problems;

namespace Limiter.Http.Auth;

/// <summary>
/// Slows the guessing of keys. An address that has shown <see cref="Guesser.WrongMax"/> wrong ones within a minute is
/// refused for the rest of it, whatever it shows then, but for keys that it showed rightly in the ten minutes before:
/// so whoever guesses does not lock out those who share its address. IPv6 counts by its /64. Thread-safe.
/// </summary>
/// <param name="addressesAreTold">
/// Whether addresses come from a header that something in front of this process writes. Where they do not, a peer on
/// loopback is such a thing, as the host of a function app is, and stands for everybody: it is not counted.
/// </param>
/// <param name="clock">Any clock.</param>
public sealed class KeyGuesses(bool addressesAreTold, TimeProvider clock)
{
    /// <summary>Most addresses that are told apart; all others together may show so many wrong keys a minute.</summary>
    public const int AddressesMax = 65_536;

    /// <inheritdoc cref="AddressesMax"/>
    public const int OthersWrongMax = 2_000;

    /// <summary>Addresses looked at, when there is no room, for one that has nothing to be remembered.</summary>
    private const int LookedAtWhenFull = 64;

    private readonly ConcurrentDictionary<UInt128, Guesser> _byAddress = new();
    private readonly Guesser _others = new(OthersWrongMax, clock);
    private readonly Lock _sweeping = new();
    private IEnumerator<KeyValuePair<UInt128, Guesser>>? _cursor;
    private int _count;

    /// <summary>Who is at an address; null when it stands for everybody, or is not known.</summary>
    internal Guesser? GuesserAt(IPAddress? address)
    {
        if (address is null || (!addressesAreTold && IPAddress.IsLoopback(address))) return null;
        var place = PlaceOf(address);
        if (_byAddress.TryGetValue(place, out var known)) return known;
        if (Volatile.Read(ref _count) >= AddressesMax && !TryMakeRoom()) return _others;
        var added = new Guesser(Guesser.WrongMax, clock);
        known = _byAddress.GetOrAdd(place, added);
        if (ReferenceEquals(known, added)) Interlocked.Increment(ref _count);
        return known;
    }

    /// <summary>Null: the key may be tried.</summary>
    internal static Problem? Refuse(Guesser? guesser, ReadOnlySpan<char> key) =>
        key.IsEmpty || guesser?.WaitFor(key) is not { } wait ? null : new Problem(
            429, ProblemCode.TooManyAttempts, "Too many wrong keys came from this address in the last minute.")
        {
            RetryAfter = wait,
        };

    /// <summary>A credential was looked up, or was not needed.</summary>
    internal static void Learn(Guesser? guesser, string? credential, Decision decision)
    {
        if (guesser is null || credential is null) return;
        if (decision.Refusal == Refusal.UnknownCredential) guesser.Wrong();
        else if (decision.Tenant.Text.Length > 0) guesser.Right(credential, KeyHolder.Client);
    }

    private bool TryMakeRoom()
    {
        lock (_sweeping)
        {
            for (var seen = 0; seen < LookedAtWhenFull; seen++)
            {
                _cursor ??= _byAddress.GetEnumerator();
                if (!_cursor.MoveNext())
                {
                    _cursor.Dispose();
                    _cursor = null;
                    continue;
                }
                if (!_cursor.Current.Value.IsForgettable || !_byAddress.TryRemove(_cursor.Current)) continue;
                Interlocked.Decrement(ref _count);
                return true;
            }
            return false;
        }
    }

    private static UInt128 PlaceOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6) bytes[8..].Clear();
        // No /64 has a last bit.
        else bytes[15] = 1;
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
