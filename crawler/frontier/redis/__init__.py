"""The frontier and the host book on a Redis or Valkey server, which workers on several machines share."""
