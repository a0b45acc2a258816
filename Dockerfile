# The archive in a container, as compose.yaml runs it: docs/deploying.md. The lock's hashes are checked as in `make demo`.
FROM python:3.13-slim-trixie AS made
WORKDIR /source
COPY requirements.lock ./
RUN python -m venv /opt/thinker \
 && /opt/thinker/bin/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE thinker.py ./
COPY archive archive
COPY cli cli
COPY crawler crawler
COPY newsroom newsroom
COPY parsers parsers
COPY schedules schedules
COPY thinker_archive thinker_archive
RUN /opt/thinker/bin/python -m pip install --quiet --no-cache-dir --no-deps --no-build-isolation .
# Extras, such as "alerts" for mail and chats, in the newest versions that pyproject.toml allows.
ARG EXTRAS=""
RUN test -z "$EXTRAS" \
 || /opt/thinker/bin/python -m pip install --quiet --no-cache-dir --no-build-isolation ".[$EXTRAS]"

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 --user-group --home-dir /data --no-create-home thinker \
 && install --directory --owner=thinker --group=thinker --mode=0750 /data /segments
COPY --from=made /opt/thinker /opt/thinker
ENV PATH=/opt/thinker/bin:$PATH THINKER_HOME=/data PYTHONUNBUFFERED=1
WORKDIR /data
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8001
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8001/-/healthz', timeout=8)"]
ENTRYPOINT ["thinker"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8001"]
