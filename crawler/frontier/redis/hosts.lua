-- The host book: turns at one host, the waits that it asked for, and the requests of the last 24 hours.
--
-- KEYS: the host, the requests to it, the requests of the source. A host has next, closed, setbacks, told, and the token
-- and the end of the turn that is under way. Requests are counted by the minute: a field for each, their sum, and the
-- first and the last of them. Moments are seconds since 1970, by this server's clock unless a test sets one.

local HOST, DAY, COUNTED = KEYS[1], 86400, 1441 -- minutes of a day, and the current one
local FORGET = 60 * DAY -- a host that nobody asks any more

local function moment(text)
    if text ~= '' then return tonumber(text) end
    local now = redis.call('TIME')
    return now[1] + now[2] / 1000000
end

local now = moment(ARGV[2])

-- The host's row; if the clock went back, each wait keeps the length that it had when written.
local function read()
    local told = redis.call('HMGET', HOST, 'next', 'closed', 'setbacks', 'told', 'ends', 'turn')
    local row = { turn = told[6] or '' }
    for i, name in ipairs({ 'next', 'closed', 'setbacks', 'told', 'ends' }) do row[name] = tonumber(told[i] or 0) end
    if row.told > now then
        local back = row.told - now
        row.next, row.closed, row.ends, row.back = row.next - back, row.closed - back, row.ends - back, true
    end
    return row
end

local function write(row)
    redis.call('HSET', HOST, 'next', row.next, 'closed', row.closed, 'setbacks', row.setbacks, 'told', now,
               'ends', row.ends, 'turn', row.turn)
    local last = math.max(row.next, row.closed, row.ends, now)
    redis.call('EXPIRE', HOST, math.ceil(last - now + FORGET))
end

-- Numbers come back as texts: a script's own numbers would lose their fractions.
local function answer(wait, closed, setbacks, spent, more_at, recheck)
    return { string.format('%.17g', wait), closed and 1 or 0, setbacks, spent or '', string.format('%.17g', more_at or 0),
             recheck and 1 or 0 }
end

-- The requests counted under a key; those of more than a day ago are dropped. If the clock went back, those of minutes
-- still to come count as of this one.
local function asked(key)
    local minute = math.floor(now / 60)
    local told = redis.call('HMGET', key, 'sum', 'first', 'last')
    if not told[1] then return 0 end
    if tonumber(told[2]) > minute - COUNTED and tonumber(told[3]) <= minute then return tonumber(told[1]) end
    local all, kept, sum, first, last = redis.call('HGETALL', key), {}, 0, minute, 0
    for i = 1, #all, 2 do
        local at = tonumber(all[i])
        if at and at > minute - COUNTED then
            at = math.min(at, minute)
            kept[at] = (kept[at] or 0) + all[i + 1]
            sum, first, last = sum + all[i + 1], math.min(first, at), math.max(last, at)
        end
    end
    redis.call('DEL', key)
    if sum > 0 then
        for at, requests in pairs(kept) do redis.call('HSET', key, at, requests) end
        redis.call('HSET', key, 'sum', sum, 'first', first, 'last', last)
        redis.call('EXPIRE', key, 2 * DAY)
    end
    return sum
end

local function count(key)
    asked(key)
    local minute = math.floor(now / 60)
    redis.call('HINCRBY', key, minute, 1)
    redis.call('HINCRBY', key, 'sum', 1)
    redis.call('HSETNX', key, 'first', minute)
    redis.call('HSET', key, 'last', minute)
    redis.call('EXPIRE', key, 2 * DAY)
end

-- When a budget of `most` requests, which is spent now, has room for one more; a day from now if `most` is 0.
local function more_at(key, most)
    local over, minutes, all = asked(key) - most + 1, {}, redis.call('HGETALL', key)
    local requests = {}
    for i = 1, #all, 2 do
        local at = tonumber(all[i])
        if at then
            table.insert(minutes, at)
            requests[at] = tonumber(all[i + 1])
        end
    end
    table.sort(minutes)
    for _, at in ipairs(minutes) do
        over = over - requests[at]
        if over <= 0 then return (at + COUNTED) * 60 end
    end
    return now + DAY
end

local operations = {}

-- delay, token, seconds of a turn, 1 if the request is counted, then the budgets of the source and the host: its size and
-- the most that this request may find asked, or two empty texts. Gives the wait, 1 if it is closed, the setbacks, which
-- budget is spent, when it has room again, 1 if it has room for new articles.
function operations.take()
    local delay, row = tonumber(ARGV[3]), read()
    if delay > 0 and row.turn ~= '' then
        if row.turn == ARGV[4] and row.ends > now then -- asked again, because the answer was lost with the connection
            return answer(0, false, row.setbacks)
        end
        if row.ends > now then
            -- The delay runs from the end of the turn, which is not before now.
            local wait = math.max(row.closed - now, delay)
            return answer(wait, row.closed > now, row.setbacks)
        end
        row.turn, row.next = '', math.max(row.next, row.ends + delay) -- its holder died, and may have asked until then
        write(row)
    end
    if row.closed > now then
        if row.back then write(row) end
        return answer(row.closed - now, true, row.setbacks)
    end
    if ARGV[6] == '1' then
        for i, of in ipairs({ 'source', 'host' }) do
            local size, most = tonumber(ARGV[5 + 2 * i]), tonumber(ARGV[6 + 2 * i])
            local key = i == 1 and KEYS[3] or KEYS[2]
            if size and asked(key) >= most then
                return answer(0, false, row.setbacks, of, more_at(key, most), asked(key) < size)
            end
        end
    end
    if delay > 0 and row.next > now then
        if row.back then write(row) end
        return answer(row.next - now, false, row.setbacks)
    end
    if ARGV[6] == '1' then
        count(KEYS[2])
        count(KEYS[3])
    end
    if delay > 0 then
        row.turn, row.ends = ARGV[4], now + ARGV[5]
        write(row)
    end
    return answer(0, false, row.setbacks)
end

-- Gives the requests counted of the source and of the host.
function operations.asked()
    return { asked(KEYS[3]), asked(KEYS[2]) }
end

-- token, seconds: the turn goes on for so long.
function operations.hold()
    local row = read()
    if row.turn ~= ARGV[3] then return 0 end
    row.ends = now + ARGV[4]
    write(row)
    return 1
end

-- token, delay. A turn that another has by now stays his, but he too waits for this delay.
function operations.done()
    local row = read()
    if row.turn == ARGV[3] then row.turn, row.ends = '', 0 end
    row.next = math.max(row.next, now + ARGV[4])
    write(row)
end

-- seconds
function operations.close()
    local row = read()
    row.closed = math.max(row.closed, now + ARGV[3])
    write(row)
end

-- Gives the seconds for which the host is left alone, and its setbacks.
function operations.look()
    local row = read()
    if row.back then write(row) end
    return { string.format('%.17g', math.max(0, row.closed - now)), row.setbacks }
end

-- the setbacks that were found, seconds, the most setbacks. Gives the seconds in force, or nothing if the setbacks differ.
function operations.back_off()
    local row = read()
    if row.closed > now then return string.format('%.17g', row.closed - now) end
    if row.setbacks ~= tonumber(ARGV[3]) then return false end
    row.closed, row.setbacks = now + ARGV[4], math.min(row.setbacks + 1, tonumber(ARGV[5]))
    write(row)
    return string.format('%.17g', tonumber(ARGV[4]))
end

function operations.well()
    local row = read()
    row.setbacks = 0
    write(row)
end

return operations[ARGV[1]]()
