-- What a client sends. Arguments: check or proxy; the pattern; the gateway's key; the poor tenant; a seed.
local family, key, poor

local function check(tenant, cost)
  local stated = cost and string.format(',"cost":%d', cost) or ''
  return wrk.format('POST', '/v1/check', {
    ['Host'] = 'localhost', ['Authorization'] = 'Bearer ' .. key, ['Content-Type'] = 'application/json',
    ['X-Tenant'] = tenant,
  }, string.format('{"tenant":"%s","method":"GET","path":"/vendors"%s}', tenant, stated))
end

local function proxied(tenant)
  return wrk.format('GET', '/proxy/vendors', { ['Host'] = 'localhost', ['Authorization'] = 'Bearer bench-' .. tenant })
end

local function of(tenant, cost)
  if family == 'proxy' then return proxied(tenant) end
  return check(tenant, cost)
end

local function name(i) return string.format('t%06d', i) end

-- A tenth by a tenant that has tokens, nine tenths by one that has none.
local function flood()
  local allowed, denied, count = of(name(0)), of(poor), 0
  return function()
    count = count + 1
    if count % 10 == 0 then return allowed end
    return denied
  end
end

local function costs()
  local requests, count = {}, 0
  for cost = 1, 10 do requests[cost] = of(name(0), cost) end
  return function()
    count = count + 1
    return requests[count % 10 + 1]
  end
end

-- 10,000 tenants, the k-th of them 1/k as often as the first. 65,536 draws, over and over.
local function zipf()
  local tenants, draws = 10000, 65536
  local sums, total, requests, order = {}, 0, {}, {}
  for k = 1, tenants do
    total = total + 1 / k
    sums[k] = total
    requests[k] = of(name(k - 1))
  end
  for i = 1, draws do
    local at, low, high = math.random() * total, 1, tenants
    while low < high do
      local middle = math.floor((low + high) / 2)
      if sums[middle] < at then low = middle + 1 else high = middle end
    end
    order[i] = requests[low]
  end
  local count = 0
  return function()
    count = count % draws + 1
    return order[count]
  end
end

-- 1,000,000 tenants, each as likely as any other. The name is put in where a sample has its own.
local function uniform()
  local sample = of('@@@@@@@')
  local parts = {}
  for part in (sample .. '@@@@@@@'):gmatch('(.-)@@@@@@@') do parts[#parts + 1] = part end
  return function()
    return table.concat(parts, name(math.random(0, 999999)))
  end
end

local patterns = { flood = flood, costs = costs, zipf = zipf, uniform = uniform }

function init(args)
  family, key, poor = args[1], args[3], args[4]
  math.randomseed(tonumber(args[5]))
  if args[2] == 'hot' then
    local only = of(name(0))
    request = function() return only end
  else
    request = patterns[args[2]]()
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"microseconds":%d,"denied":%d,"failed":%d,"p50":%d,"p99":%d,"p999":%d,"most":%d}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max))
end
