namespace Limiter.Http.Problems;

/// <summary>What can go wrong, by the names that callers see. Part of the surface: never rename.</summary>
public static class ProblemCode
{
    public const string MalformedJson = "malformed_json";
    public const string InvalidUtf8 = "invalid_utf8";
    public const string BodyTooLarge = "body_too_large";
    public const string BadRequest = "bad_request";
    public const string UnknownField = "unknown_field";
    public const string DuplicateField = "duplicate_field";
    public const string MissingField = "missing_field";
    public const string InvalidField = "invalid_field";
    public const string ConflictingFields = "conflicting_fields";
    public const string InvalidPath = "invalid_path";
    public const string PathTooLong = "path_too_long";
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string PreconditionFailed = "precondition_failed";
    public const string Internal = "internal_error";

    public const string CostOutOfBounds = "cost_out_of_bounds";
    public const string TooManyRecords = "too_many_records";
    public const string NoIdentity = "no_identity";
    public const string AddressRequired = "address_required";
    public const string KeyRequired = "key_required";
    public const string TooManyAttempts = "too_many_attempts";
    public const string UnknownCredential = "unknown_credential";
    public const string MisspeltCredential = "misspelt_credential";
    public const string TenantSuspended = "tenant_suspended";
    public const string UnknownTenant = "unknown_tenant";
    public const string UnknownKey = "unknown_key";
    public const string IdReused = "id_reused";
    public const string TooManyReservations = "too_many_reservations";
    public const string CostAboveLimit = "cost_above_limit";
    public const string Unreachable = "unreachable";

    public const string InvalidCheckId = "invalid_check_id";
    public const string ForgedCheckId = "forged_check_id";
    public const string ExpiredCheckId = "expired_check_id";
    public const string AlreadyCharged = "already_charged";
    public const string TooManyCharges = "too_many_charges";
    public const string ReservationEnded = "reservation_ended";

    public const string UnknownPlan = "unknown_plan";
    public const string UnknownLimit = "unknown_limit";
    public const string MissingNumbers = "missing_numbers";
    public const string NoSuchOverride = "no_such_override";
    public const string NoSuchAdjustment = "no_such_adjustment";
    public const string KeyExists = "key_exists";
    public const string TooManyKeys = "too_many_keys";
    public const string RefusedWebhook = "refused_webhook";
    public const string NoSuchAlertRule = "no_such_alert_rule";
    public const string Busy = "busy";

    public const string TooManyCalls = "too_many_calls";

    public const string NoUpstream = "no_upstream";
    public const string UpstreamUnreachable = "upstream_unreachable";
    public const string UpstreamTimeout = "upstream_timeout";

    public const string NotReady = "not_ready";
    public const string ClockIsSystem = "clock_is_system";
    public const string ClockBackwards = "clock_backwards";
}
