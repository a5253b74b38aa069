-- Asks Limiter whether a request may pass. A refusal is its answer as it stands, with its body and headers.
local url = "http://127.0.0.1:7071/v1/authorize"
local key = "the-gateway-key"
local timeout_ms = 3000

local told = { ["x-ratelimit-limit"] = "txn.limit", ["x-ratelimit-remaining"] = "txn.remaining",
               ["x-ratelimit-reset"] = "txn.reset" }
local kept = { "content-type", "retry-after", "ratelimit", "ratelimit-policy",
               "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset" }

local function refuse(txn, response)
    local reply = txn:reply()
    -- Without an answer nobody knows whether it may pass.
    reply:set_status(response.status ~= 0 and response.status or 503)
    for _, name in ipairs(kept) do
        local values = response.headers and response.headers[name]
        if values then reply:add_header(name, values[0]) end
    end
    reply:set_body(response.body or "")
    txn:done(reply)
end

core.register_action("limiter", { "http-req" }, function(txn)
    local headers = {
        ["x-limiter-key"] = { key },
        ["x-forwarded-method"] = { txn.sf:method() },
        ["x-forwarded-uri"] = { txn.sf:pathq() },
        ["x-forwarded-for"] = { txn.sf:src() },
    }
    local authorization = txn.sf:req_fhdr("authorization")
    if authorization and authorization ~= "" then headers["authorization"] = { authorization } end
    local response = core.httpclient():get { url = url, headers = headers, timeout = timeout_ms }
    if response.status ~= 200 then
        refuse(txn, response)
        return
    end
    for name, variable in pairs(told) do
        if response.headers[name] then txn:set_var(variable, response.headers[name][0]) end
    end
end)
