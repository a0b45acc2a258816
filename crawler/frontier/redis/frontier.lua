-- The frontier of one source: each call of ours is one operation of this script, which nothing interrupts.
--
-- A row is the JSON of an address: u its url, k its kind (none: article), d when it is due, p its date in lists, n when a
-- list named it last, o its place in that list, s its section, a failed fetches in a row, e and m its validators, f its
-- last fetch, c the status of its last answer, x its other addresses as text, g why it is given up, t the token of its
-- lease. Moments are seconds since 1970. What is not known is left out.
--
-- Every row that has no lease and is not given up stands in exactly one of the indexes `untried`, `tried` and `seen`, in
-- the order of leasing. `leases` holds the end of each lease, also of those that have ended and were not taken again.

local ROWS, UNTRIED, TRIED, SEEN, LEASES, CALL = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[9]
local GIVEN_UP = { failed = KEYS[6], refused = KEYS[7], moved = KEYS[8] }
local NEVER = 253402300799
local PAGE = 500 -- rows that one call looks at, so that others do not wait long

local function moment(text)
    if text ~= '' then return tonumber(text) end
    local now = redis.call('TIME')
    return now[1] + now[2] / 1000000
end

local function given(text)
    if text ~= '' then return text end
end

local function read(key)
    local text = redis.call('HGET', ROWS, key)
    return text and cjson.decode(text)
end

-- The index in which a row stands, its score there and its member; nothing for a row that is leased.
local function position(key, row)
    if row.g then return GIVEN_UP[row.g], 0, key end
    if row.t then return end
    if row.f then return SEEN, row.d, key end
    if row.a then return TRIED, row.d, key end
    local named = string.format('%010d%012d', 9999999999 - (row.n or 0), row.o or 0)
    return UNTRIED, row.p and -row.p or '+inf', named .. key
end

local function take_out(key, row)
    local index, _, member = position(key, row)
    if index then redis.call('ZREM', index, member) end
end

local function put(key, row)
    if row.a == 0 then row.a = nil end
    redis.call('HSET', ROWS, key, cjson.encode(row))
    local index, score, member = position(key, row)
    if index then redis.call('ZADD', index, score, member) end
end

local function is_wanted(row, since, which)
    if which == 'seen' and not row.f or which == 'unseen' and row.f then return false end
    if not since then return true end
    if row.p then return row.p >= since end
    return not row.f
end

-- Count a lease that ended by the clock as a failed fetch, once: its token loses the mark. True if the row is still to be
-- leased; false if it is given up, or rarely due, for it was lost too often. `ARGV` ends with the two numbers for that.
local function count_lost(key, row, now)
    if string.sub(row.t, 1, 1) ~= 'c' then return true end
    local most, rarely = tonumber(ARGV[#ARGV - 1]), tonumber(ARGV[#ARGV])
    take_out(key, row)
    row.t, row.a = string.sub(row.t, 2), (row.a or 0) + 1
    local enough = not row.g and row.a >= most
    if enough then
        redis.call('ZREM', LEASES, key)
        row.t = nil
        if row.f then
            row.d = math.floor(now) + rarely
        else
            row.d, row.g, row.n = NEVER, 'failed', math.floor(now)
        end
    end
    put(key, row)
    return not enough
end

local function grant(key, row, token, ends)
    take_out(key, row)
    row.t = token
    put(key, row)
    redis.call('ZADD', LEASES, ends, key)
    return { key, cjson.encode(row) }
end

local operations = {}

-- now, silence, then of each link: key, url, kind, date, place, section. Gives the number of new ones, then of each known
-- one that has another url: key, its url, its other addresses, the url of the link.
function operations.add()
    local now = math.floor(moment(ARGV[2]))
    local silent, new, elsewhere, named = now - tonumber(ARGV[3]), 0, {}, {}
    for i = 4, #ARGV, 6 do
        local key, url, date, section = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 3]), given(ARGV[i + 5])
        local row = read(key)
        if not row then
            local kind = ARGV[i + 2]
            put(key, { u = url, k = kind ~= 'article' and kind or nil, d = now, p = date, n = now,
                       o = tonumber(ARGV[i + 4]), s = section })
            new = new + 1
        else
            local later = date and (not row.p or date > row.p)
            local again = row.g == 'failed' or row.g == 'moved'
            if again or later and row.g ~= 'refused' or section and not row.s then
                take_out(key, row)
                if again then
                    if later or row.n and row.n < silent then row.g, row.a, row.d = nil, nil, now end
                    row.n = now
                end
                if later and row.g ~= 'refused' then
                    row.p = date
                    if row.f and date > row.f then row.d = math.min(row.d, now) end
                end
                row.s = row.s or section
                put(key, row)
            end
            if row.u ~= url or named[key] then -- the page may name three spellings of one
                named[key] = true
                for _, each in ipairs({ key, row.u, row.x or '', url }) do table.insert(elsewhere, each) end
            end
        end
    end
    return { new, elsewhere }
end

-- now, key, url and other addresses as they were and as they shall be, 1 if the url is new. 0 if they were others.
function operations.name()
    local now, key = math.floor(moment(ARGV[2])), ARGV[3]
    local row = read(key)
    if not row then return 1 end
    if row.u ~= ARGV[4] or (row.x or '') ~= ARGV[5] then return 0 end
    take_out(key, row)
    row.u, row.x = ARGV[6], given(ARGV[7])
    if ARGV[8] == '1' and row.a and row.g ~= 'refused' then
        row.d, row.g, row.a = math.min(row.d, now), nil, nil
    end
    put(key, row)
    return 1
end

-- now, seconds, since, which, the group and the number of its rows to pass over, the number of tokens, the tokens.
-- Gives the leases and where the next call goes on; group 0: no row is left.
function operations.lease()
    local now, seconds, since, which = moment(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
    local group, skip, n = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
    local due = math.floor(now)
    local groups = {
        { LEASES, '-inf', now }, -- leases that have ended
        { UNTRIED, '-inf', since and -since or '(+inf' }, { UNTRIED, '+inf', '+inf' }, -- with a date, without
        { TRIED, '-inf', due }, { SEEN, '-inf', due },
    }
    local first, last = which == 'seen' and 5 or 2, which == 'unseen' and 4 or 5
    local leases, looked = {}, 0
    while group ~= 0 and #leases < n and looked < PAGE do
        local index, low, high = unpack(groups[group])
        local found = redis.call('ZRANGEBYSCORE', index, low, high, 'LIMIT', skip, math.min(n - #leases, PAGE - looked))
        for _, member in ipairs(found) do
            local key = index == UNTRIED and string.sub(member, 23) or member
            local row = read(key)
            local open = index ~= LEASES or count_lost(key, row, now)
            if open and is_wanted(row, since, which) and (index ~= UNTRIED or row.d <= due) then
                table.insert(leases, grant(key, row, ARGV[8 + #leases + 1], now + seconds))
                if index == LEASES and seconds <= 0 then skip = skip + 1 end -- it has ended again
            elseif open then
                skip = skip + 1
            end
        end
        looked = looked + #found
        if #found == 0 then
            group, skip = group == 1 and first or group + 1, 0
            if group > last then group = 0 end
        end
    end
    return { leases, group, skip }
end

-- now, seconds, key, token, 1 if only a due one is wanted.
function operations.take()
    local now, key = moment(ARGV[2]), ARGV[4]
    local row = read(key)
    if not row then return false end
    if row.t then
        if tonumber(redis.call('ZSCORE', LEASES, key)) > now then return false end
        count_lost(key, row, now)
    end
    if row.d > (ARGV[6] == '1' and math.floor(now) or NEVER) then return false end
    return grant(key, row, ARGV[5], now + tonumber(ARGV[3]))
end

-- now, only_moved, then the keys.
function operations.hasten()
    local now = math.floor(moment(ARGV[2]))
    for i = 4, #ARGV do
        local row = read(ARGV[i])
        if row and (row.g == 'moved' or not row.g and ARGV[3] ~= '1' and row.d > now) then
            take_out(ARGV[i], row)
            row.d, row.g = math.min(row.d, now), nil
            put(ARGV[i], row)
        end
    end
end

-- now, then the keys.
function operations.leave()
    local now = math.floor(moment(ARGV[2]))
    for i = 3, #ARGV do
        local row = read(ARGV[i])
        if row and not row.g then
            take_out(ARGV[i], row)
            row.d, row.g, row.n = NEVER, 'moved', now
            put(ARGV[i], row)
        end
    end
end

-- what (ack, nack, forget, release), key, token, 1 if it ends by the clock, seconds to remember this call; of a visit also
-- at, due, status, etag, last_modified, given_up; of a move also url and other addresses as they were and shall be.
-- 1 if it is done, 0 if the lease is not held, -1 if the addresses were others. A call that is sent again, because its
-- answer was lost with the connection, gets the same answer.
function operations.close()
    local what, key, token = ARGV[2], ARGV[3], ARGV[4]
    local row = read(key)
    if redis.call('EXISTS', CALL) == 1 then return 1 end
    if not row or row.t ~= token then return 0 end
    if ARGV[5] == '1' and tonumber(redis.call('ZSCORE', LEASES, key)) <= moment('') then return 0 end
    if ARGV[13] and (row.u ~= ARGV[13] or (row.x or '') ~= ARGV[14]) then return -1 end
    redis.call('SET', CALL, 1, 'EX', ARGV[6])
    take_out(key, row)
    redis.call('ZREM', LEASES, key)
    row.t = nil
    if what == 'forget' then
        redis.call('HDEL', ROWS, key)
        return 1
    end
    if what ~= 'release' then
        local at, etag, modified = tonumber(ARGV[7]), given(ARGV[10]), given(ARGV[11])
        row.d, row.c, row.g = tonumber(ARGV[8]), tonumber(ARGV[9]), given(ARGV[12])
        if row.g then row.n = at end
        if what == 'ack' then
            local same = row.c == 304
            row.a, row.f = nil, at
            row.e, row.m = etag or same and row.e or nil, modified or same and row.m or nil
        else
            row.a = (row.a or 0) + 1
        end
        if ARGV[13] then row.u, row.x = ARGV[15], given(ARGV[16]) end
    end
    put(key, row)
    return 1
end

-- now, seconds, then key and token of each lease. Gives the tokens of those that are held.
function operations.renew()
    local now, held = moment(ARGV[2]), {}
    for i = 4, #ARGV, 2 do
        local row = read(ARGV[i])
        if row and row.t == ARGV[i + 1] and tonumber(redis.call('ZSCORE', LEASES, ARGV[i])) > now then
            redis.call('ZADD', LEASES, now + tonumber(ARGV[3]), ARGV[i])
            table.insert(held, row.t)
        end
    end
    return held
end

-- now, holder, the number of leases to pass over. Gives how many it ended, and how many to pass over next; -1: all done.
function operations.reclaim()
    local now, skip, ended = ARGV[2], tonumber(ARGV[4]), 0
    local found = redis.call('ZRANGEBYSCORE', LEASES, '(' .. now, '+inf', 'LIMIT', skip, PAGE)
    for _, key in ipairs(found) do
        if ARGV[3] == '' or string.match(read(key).t, '@(.*)') == ARGV[3] then
            redis.call('ZADD', LEASES, now, key)
            ended = ended + 1
        else
            skip = skip + 1
        end
    end
    return { ended, #found > 0 and skip or -1 }
end

-- now, which index (1 tried, 2 seen, 3 leased), the number of its rows to pass over. As reclaim.
function operations.recall()
    local now, index, skip, changed = tonumber(ARGV[2]), ({ TRIED, SEEN, LEASES })[tonumber(ARGV[3])], tonumber(ARGV[4]), 0
    local low = index == LEASES and '-inf' or '(' .. ARGV[2]
    local found = redis.call('ZRANGEBYSCORE', index, low, '+inf', 'LIMIT', skip, PAGE)
    for _, key in ipairs(found) do
        local row = read(key)
        local is_due = row.d <= now or row.k or row.g or not (row.f or row.a)
        if is_due or index == LEASES then skip = skip + 1 end -- a leased one keeps its place among the leases
        if not is_due then
            take_out(key, row)
            row.d = now
            put(key, row)
            changed = changed + 1
        end
    end
    return { changed, #found > 0 and skip or -1 }
end

-- now. Gives how many it made due; 0: none is left.
function operations.revive()
    local now, revived = tonumber(ARGV[2]), 0
    for _, index in pairs(GIVEN_UP) do
        for _, key in ipairs(redis.call('ZRANGE', index, 0, PAGE - 1)) do
            local row = read(key)
            take_out(key, row)
            row.g, row.a, row.d = nil, nil, now
            put(key, row)
            revived = revived + 1
        end
    end
    return revived
end

-- now, since, which, the number of rows to pass over in tried and seen together. Gives how many are due among the next,
-- and how many to pass over next; -1: all are counted. The first call counts the untried and the ended leases too.
function operations.count()
    local now, since, which, skip = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
    local due, counted = math.floor(now), 0
    if skip == 0 then
        if which ~= 'seen' then
            local dated = redis.call('ZCOUNT', UNTRIED, '-inf', since and -since or '(+inf')
            counted = dated + redis.call('ZCOUNT', UNTRIED, '+inf', '+inf')
        end
        for _, key in ipairs(redis.call('ZRANGEBYSCORE', LEASES, '-inf', now)) do
            local row = read(key)
            if row.d <= due and is_wanted(row, since, which) then counted = counted + 1 end
        end
    end
    local tried = which ~= 'seen' and redis.call('ZCOUNT', TRIED, '-inf', due) or 0
    local seen = which ~= 'unseen' and redis.call('ZCOUNT', SEEN, '-inf', due) or 0
    if not since then return { counted + tried + seen, -1 } end
    local found
    if skip < tried then
        found = redis.call('ZRANGE', TRIED, skip, math.min(tried, skip + PAGE) - 1)
    else
        found = redis.call('ZRANGE', SEEN, skip - tried, math.min(seen, skip - tried + PAGE) - 1)
    end
    if skip >= tried + seen then return { counted, -1 } end
    for _, key in ipairs(found) do
        if is_wanted(read(key), since, which) then counted = counted + 1 end
    end
    return { counted, #found > 0 and skip + #found or -1 }
end

return operations[ARGV[1]]()
