# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/placewire
WORKDIR /src
RUN pip install --no-cache-dir "uv>=0.8,<1"
# What the lock names first: this layer stays while only the code changes.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-install-project
COPY bot ./bot
RUN uv sync --locked --no-editable

FROM python:3.13-slim
LABEL org.opencontainers.image.title="placewire" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --create-home --uid 10001 placewire \
    && install -d -o 10001 -g 10001 -m 0700 /srv/placewire /srv/placewire/data
COPY --from=build /opt/placewire /opt/placewire
COPY --chown=placewire:placewire config /srv/placewire/config
ENV PATH=/opt/placewire/bin:$PATH PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /srv/placewire
VOLUME /srv/placewire/data
EXPOSE 8080
# The page listens on loopback of the container; the check runs inside it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["placewire"]
CMD ["run"]
