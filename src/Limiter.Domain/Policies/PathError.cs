namespace Limiter.Domain.Policies;

/// <summary>Why a path has no normal form.</summary>
public enum PathError
{
    None,

    /// <summary>It is empty or does not start with a slash (also <c>*</c> and <c>http://host/</c>).</summary>
    NotRooted,

    /// <summary>It is longer than <see cref="PathNormaliser.LengthMax"/>.</summary>
    TooLong,

    /// <summary>A percent sign is not followed by two hexadecimal digits.</summary>
    MalformedEscape,

    /// <summary>A percent escape is left after decoding: the path was encoded twice.</summary>
    EncodedTwice,

    /// <summary>The escapes are not UTF-8 (overlong forms and halves of a surrogate pair are not).</summary>
    InvalidUtf8,

    /// <summary>It holds a backslash, which some servers take for a slash.</summary>
    Backslash,

    /// <summary>It holds a control character: U+0000 to U+001F, or U+007F to U+009F.</summary>
    ControlCharacter,

    /// <summary>It holds half of a surrogate pair.</summary>
    LoneSurrogate,
}
