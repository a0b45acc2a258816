"""Where Debian's docker-compose lies: it reads a file of Compose without Docker."""

from pathlib import Path

COMPOSE_PLUGIN = Path("/usr/libexec/docker/cli-plugins/docker-compose")
