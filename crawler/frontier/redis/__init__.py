"""The frontier and the host book on a Redis or Valkey server, which workers on several machines share.

What one machine may take for granted, and what holds here instead:

- Who holds the lock of a source knows that all others who had leases are dead. Here a lease ends by the server's clock;
  a worker that starts again ends its own by its name (`reclaim`).
- A lease and its capture are one transaction. Here two stores are written: the lease is given back when the capture is
  where nothing can lose it, and until then it is renewed. A crash in between means that the url is fetched once more.
- hosts.db and the lock beside it are on one disk. Here a turn at a host is a token with an end, which its holder puts
  off while it waits for the answer.
- There is one clock. Here the server's decides on leases, turns and waits; the moments of visits are the holder's.
- Witnesses, failed hosts and the like are in the memory of one crawl, and stay there.

The server must not forget: `appendonly yes`, `appendfsync always`, and no `maxmemory-policy` but `noeviction`. If it
is lost, an archive can fill its frontier again; of hosts, the waits that they asked for are lost, and the requests of
the last day.
"""
