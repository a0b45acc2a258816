-- The orders of all crawls, for the workers. Every time is the server's own, in seconds.
--
-- orders   hash: id -> "SOURCE\nHOST\nDELAY\nPAYLOAD"     waiting:HOST  list of ids     hosts  zset: HOST -> not before
-- tokens   hash: id -> "WORKER.NUMBER" of a lease         leases        zset: id -> end
-- tries    hash: id -> leases that ended unanswered       of:SOURCE     set of ids
-- arrived:SOURCE  list: "segment NAME" or "lost ID"       shipped       zset: NAME -> when
-- workers  hash: WORKER -> "WHEN\nJSON"                   fence         number
-- desks    zset: SOURCE -> when its crawl was heard
local p, what = KEYS[1], ARGV[1]
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000

local function split(order)
  local a = string.find(order, '\n', 1, true)
  local b = string.find(order, '\n', a + 1, true)
  local c = string.find(order, '\n', b + 1, true)
  return string.sub(order, 1, a - 1), string.sub(order, a + 1, b - 1), tonumber(string.sub(order, b + 1, c - 1)),
    string.sub(order, c + 1)
end

local function drop(id, source)
  redis.call('HDEL', p .. 'orders', id)
  redis.call('HDEL', p .. 'tokens', id)
  redis.call('HDEL', p .. 'tries', id)
  redis.call('ZREM', p .. 'leases', id)
  redis.call('SREM', p .. 'of:' .. source, id)
end

local function wait_again(id, host)
  redis.call('HDEL', p .. 'tokens', id)
  redis.call('ZREM', p .. 'leases', id)
  redis.call('LPUSH', p .. 'waiting:' .. host, id)
  redis.call('ZADD', p .. 'hosts', 'NX', now, host)
end

if what == 'put' then
  -- source, then for each order: id, host, delay, urgent, payload
  local source, added = ARGV[2], 0
  for i = 3, #ARGV, 5 do
    local id, host = ARGV[i], ARGV[i + 1]
    local order = source .. '\n' .. host .. '\n' .. ARGV[i + 2] .. '\n' .. ARGV[i + 4]
    if redis.call('HSETNX', p .. 'orders', id, order) == 1 then
      redis.call('SADD', p .. 'of:' .. source, id)
      redis.call(ARGV[i + 3] == '1' and 'LPUSH' or 'RPUSH', p .. 'waiting:' .. host, id)
      redis.call('ZADD', p .. 'hosts', 'NX', now, host)
      added = added + 1
    end
  end
  return added
end

if what == 'lease' then
  -- worker, n, seconds, most segments that may wait, most leases of an order
  local worker, n, seconds = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', p .. 'leases', '-inf', now, 'LIMIT', 0, 100)) do
    local order = redis.call('HGET', p .. 'orders', id)
    if not order then
      redis.call('ZREM', p .. 'leases', id)
    else
      local source, host = split(order)
      if redis.call('HINCRBY', p .. 'tries', id, 1) >= tonumber(ARGV[6]) then
        drop(id, source)
        redis.call('RPUSH', p .. 'arrived:' .. source, 'lost ' .. id)
      else
        wait_again(id, host)
      end
    end
  end
  if redis.call('ZCARD', p .. 'shipped') >= tonumber(ARGV[5]) then
    return {-1}
  end
  local given, gone_on = {}, true
  while #given < 3 * n and gone_on do
    gone_on = false
    for _, host in ipairs(redis.call('ZRANGEBYSCORE', p .. 'hosts', '-inf', now, 'LIMIT', 0, n)) do
      local id = #given < 3 * n and redis.call('LPOP', p .. 'waiting:' .. host)
      if id then
        gone_on = true
        local order = redis.call('HGET', p .. 'orders', id)
        if order then
          local _, _, delay = split(order)
          local token = worker .. '.' .. redis.call('INCR', p .. 'fence')
          redis.call('HSET', p .. 'tokens', id, token)
          redis.call('ZADD', p .. 'leases', now + seconds, id)
          redis.call('ZADD', p .. 'hosts', now + delay, host)
          given[#given + 1] = id
          given[#given + 1] = token
          given[#given + 1] = order
        end
      elseif #given < 3 * n then
        redis.call('ZREM', p .. 'hosts', host)
      end
    end
    time = redis.call('TIME')
    now = tonumber(time[1]) + tonumber(time[2]) / 1000000
  end
  return given
end

if what == 'renew' then
  -- seconds, then id and token of each; returns the ids that are no longer held
  local lost = {}
  for i = 3, #ARGV, 2 do
    if redis.call('HGET', p .. 'tokens', ARGV[i]) == ARGV[i + 1] then
      redis.call('ZADD', p .. 'leases', now + tonumber(ARGV[2]), ARGV[i])
    else
      lost[#lost + 1] = ARGV[i]
    end
  end
  return lost
end

if what == 'acknowledge' then
  -- segment, source, then id and token of each; returns the ids whose leases had ended
  local refused = {}
  for i = 4, #ARGV, 2 do
    if redis.call('HGET', p .. 'tokens', ARGV[i]) == ARGV[i + 1] then
      drop(ARGV[i], ARGV[3])
    else
      refused[#refused + 1] = ARGV[i]
    end
  end
  if redis.call('ZADD', p .. 'shipped', 'NX', now, ARGV[2]) == 1 then
    redis.call('RPUSH', p .. 'arrived:' .. ARGV[3], 'segment ' .. ARGV[2])
  end
  return refused
end

if what == 'give back' then
  -- id and token of each; returns how many were held
  local back = 0
  for i = 2, #ARGV, 2 do
    local order = redis.call('HGET', p .. 'orders', ARGV[i])
    if order and redis.call('HGET', p .. 'tokens', ARGV[i]) == ARGV[i + 1] then
      local _, host = split(order)
      wait_again(ARGV[i], host)
      back = back + 1
    end
  end
  return back
end

if what == 'reclaim' then
  -- worker, then the ids that it still has the answers of; returns how many of its other leases ended
  local kept, back, begin = {}, 0, ARGV[2] .. '.'
  for i = 3, #ARGV do kept[ARGV[i]] = true end
  local tokens = redis.call('HGETALL', p .. 'tokens')
  for i = 1, #tokens, 2 do
    local id = tokens[i]
    if string.sub(tokens[i + 1], 1, #begin) == begin and not kept[id] then
      local order = redis.call('HGET', p .. 'orders', id)
      if order then
        local _, host = split(order)
        wait_again(id, host)
        back = back + 1
      end
    end
  end
  return back
end

if what == 'withdraw' then
  -- source; returns how many orders of it that no worker has were taken away
  local gone = 0
  for _, id in ipairs(redis.call('SMEMBERS', p .. 'of:' .. ARGV[2])) do
    if redis.call('HEXISTS', p .. 'tokens', id) == 0 then
      local order = redis.call('HGET', p .. 'orders', id)
      if order then
        local _, host = split(order)
        redis.call('LREM', p .. 'waiting:' .. host, 0, id)
      end
      drop(id, ARGV[2])
      gone = gone + 1
    end
  end
  return gone
end

if what == 'attend' then
  redis.call('ZADD', p .. 'desks', now, ARGV[2])
  return 1
end

if what == 'crawls' then
  -- seconds; returns how many crawls were heard in the last so many
  return redis.call('ZCOUNT', p .. 'desks', now - tonumber(ARGV[2]), '+inf')
end

if what == 'beat' then
  redis.call('HSET', p .. 'workers', ARGV[2], now .. '\n' .. ARGV[3])
  return tostring(now)
end

if what == 'state' then
  -- most age of a worker's beat; returns now, orders, leased, segments, when the oldest was shipped, workers
  local told = redis.call('HGETALL', p .. 'workers')
  local workers = {}
  for i = 1, #told, 2 do
    local cut = string.find(told[i + 1], '\n', 1, true)
    local at = tonumber(string.sub(told[i + 1], 1, cut - 1))
    if now - at > tonumber(ARGV[2]) then
      redis.call('HDEL', p .. 'workers', told[i])
    else
      workers[#workers + 1] = told[i]
      workers[#workers + 1] = tostring(now - at)
      workers[#workers + 1] = string.sub(told[i + 1], cut + 1)
    end
  end
  local oldest = redis.call('ZRANGE', p .. 'shipped', 0, 0, 'WITHSCORES')
  return {
    tostring(now), redis.call('HLEN', p .. 'orders'), redis.call('ZCARD', p .. 'leases'),
    redis.call('ZCARD', p .. 'shipped'), oldest[2] or '', workers
  }
end
return redis.error_reply('unknown: ' .. what)
