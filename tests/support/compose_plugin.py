"""The path of Debian's docker-compose, which reads a Compose file without a running Docker."""

from pathlib import Path

COMPOSE_PLUGIN = Path("/usr/libexec/docker/cli-plugins/docker-compose")
