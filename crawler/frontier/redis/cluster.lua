-- What a cluster has beside the frontiers of its hosts, which hold the orders and their leases: the texts of the orders,
-- the turns of the hosts, the segments that were shipped, and who is at work. Every time is the server's own, in seconds.
--
-- texts    hash: id -> "SOURCE\nHOST\nDELAY\nPAYLOAD"     of:SOURCE        set of ids
-- hosts    zset: HOST -> not before                       delays           hash: HOST -> seconds between two turns
-- shipped  zset: NAME of a segment -> when                arrived:SOURCE   list of NAMES that its crawl has not read
-- workers  hash: WORKER -> "WHEN\nJSON"                   desks            zset: SOURCE -> when its crawl was heard
--
-- A turn is a hint, so that no worker holds orders that it may not send yet. When a request is sent, the host book
-- decides (hosts.lua), which knows the delay, the waits and the budgets that hold then.
local p = KEYS[1]
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000

local operations = {}

-- source, then id and text of each order
function operations.keep()
    for i = 3, #ARGV, 2 do
        redis.call('HSETNX', p .. 'texts', ARGV[i], ARGV[i + 1])
        redis.call('SADD', p .. 'of:' .. ARGV[2], ARGV[i])
    end
end

-- source, then the ids of orders; KEYS[2] and the following: of each the rows of its host. Forgets the texts of those that
-- have no row.
function operations.drop()
    for i = 3, #ARGV do
        if redis.call('HEXISTS', KEYS[i - 1], ARGV[i]) == 0 then
            redis.call('HDEL', p .. 'texts', ARGV[i])
            redis.call('SREM', p .. 'of:' .. ARGV[2], ARGV[i])
        end
    end
end

-- host and delay of each: they have orders.
function operations.line_up()
    for i = 2, #ARGV, 2 do
        redis.call('HSET', p .. 'delays', ARGV[i], ARGV[i + 1])
        redis.call('ZADD', p .. 'hosts', 'NX', now, ARGV[i])
    end
end

-- n, the most segments that may wait, then hosts to pass over. Gives up to n others whose turn it is, those that waited
-- longest first, each with its delay, after which it has its next turn; nothing if more segments wait.
function operations.turns()
    if redis.call('ZCARD', p .. 'shipped') >= tonumber(ARGV[3]) then return false end
    local given, most, passed = {}, tonumber(ARGV[2]), {}
    for i = 4, #ARGV do passed[ARGV[i]] = true end
    for _, host in ipairs(redis.call('ZRANGEBYSCORE', p .. 'hosts', '-inf', now, 'LIMIT', 0, most + #ARGV - 3)) do
        if not passed[host] and #given < 2 * most then
            local delay = redis.call('HGET', p .. 'delays', host) or '0'
            redis.call('ZADD', p .. 'hosts', now + delay, host)
            table.insert(given, host)
            table.insert(given, delay)
        end
    end
    return given
end

-- seconds, then hosts that had no order to lease; KEYS[2] and the following are their rows. One without rows has no turns
-- any more; the others have all their orders with workers, and wait so many seconds or for their delay.
function operations.rest()
    for i = 3, #ARGV do
        if redis.call('EXISTS', KEYS[i - 1]) == 0 then
            redis.call('ZREM', p .. 'hosts', ARGV[i])
            redis.call('HDEL', p .. 'delays', ARGV[i])
        else
            local delay = redis.call('HGET', p .. 'delays', ARGV[i]) or 0
            redis.call('ZADD', p .. 'hosts', now + math.max(tonumber(delay), tonumber(ARGV[2])), ARGV[i])
        end
    end
end

-- segment, source
function operations.announce()
    if redis.call('ZADD', p .. 'shipped', 'NX', now, ARGV[2]) == 1 then
        redis.call('RPUSH', p .. 'arrived:' .. ARGV[3], ARGV[2])
    end
end

-- source
function operations.attend()
    redis.call('ZADD', p .. 'desks', now, ARGV[2])
end

-- seconds. Gives how many crawls were heard in the last so many.
function operations.crawls()
    return redis.call('ZCOUNT', p .. 'desks', now - tonumber(ARGV[2]), '+inf')
end

-- worker, JSON. Gives the time.
function operations.beat()
    redis.call('HSET', p .. 'workers', ARGV[2], now .. '\n' .. ARGV[3])
    return string.format('%.6f', now)
end

-- the most age of a worker's beat; KEYS[2] and the following: the leases of the hosts. Gives the time, orders, leases,
-- segments, when the oldest of them was shipped, and of each worker name, age and JSON.
function operations.state()
    local told, workers, leased = redis.call('HGETALL', p .. 'workers'), {}, 0
    for i = 1, #told, 2 do
        local cut = string.find(told[i + 1], '\n', 1, true)
        local age = now - tonumber(string.sub(told[i + 1], 1, cut - 1))
        if age > tonumber(ARGV[2]) then
            redis.call('HDEL', p .. 'workers', told[i])
        else
            table.insert(workers, told[i])
            table.insert(workers, tostring(age))
            table.insert(workers, string.sub(told[i + 1], cut + 1))
        end
    end
    for i = 2, #KEYS do leased = leased + redis.call('ZCARD', KEYS[i]) end
    local oldest = redis.call('ZRANGE', p .. 'shipped', 0, 0, 'WITHSCORES')
    return { string.format('%.6f', now), redis.call('HLEN', p .. 'texts'), leased, redis.call('ZCARD', p .. 'shipped'),
             oldest[2] or '', workers }
end

return operations[ARGV[1]]()
