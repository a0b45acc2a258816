"""The server: sockets, connections, hosts, and its own endpoints under `/-/`."""
