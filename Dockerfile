# The agent in an image of its own: the program, the libraries it is linked with, trusted roots, nothing
# else; no shell, no package manager. docs/operations.md tells how to run it.
#
#   docker build --build-arg VERSION=0.1.0 --build-arg REVISION="$(git rev-parse HEAD)" -t smtp-reply-exporter .
#   docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:10235:10235 smtp-reply-exporter \
#     demo --web.listen-address=:10235
FROM docker.io/library/debian:bookworm-slim AS build

RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      ca-certificates ccache cmake g++ ninja-build pkg-config \
      libboost1.81-dev libboost-url1.81-dev libc-ares-dev libcli11-dev libcurl4-openssl-dev \
      libexpected-dev libfmt-dev libgsasl-dev libkainjow-mustache-dev libre2-dev libspdlog-dev \
      libsqlite3-dev libsqlitecpp-dev libssl-dev libsystemd-dev libtomlplusplus-dev libyaml-cpp-dev \
      nlohmann-json3-dev prometheus-cpp-dev zlib1g-dev >/dev/null \
 && rm -rf /var/lib/apt/lists/*

COPY . /src
# How many compilers at once; each takes up to 1 GB.
ARG JOBS=2
# More for cmake, and where ccache keeps what it has compiled: by default in the builder's own cache.
ARG CMAKE_FLAGS=
ARG CCACHE_DIR=/root/.cache/ccache
# Folder and flags are those of `./dev build`, so that a cache that both use serves both.
RUN --mount=type=cache,target=/root/.cache/ccache \
    cmake -S /src -B /src/build/release -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
      -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -g1" -DBUILD_TESTING=OFF $CMAKE_FLAGS >/dev/null \
 && cmake --build /src/build/release --target smtp_reply_exporter --parallel "$JOBS" -- --quiet \
 && strip -o /smtp_reply_exporter /src/build/release/bin/smtp_reply_exporter

# Into /image goes the program with its libraries, wherever the architecture keeps them, and of every
# package that something came from its licence and, for scanners, what dpkg knows of it.
RUN set -eu; \
    umask 022; \
    mkdir -p /image/usr/bin /image/usr/share/doc /image/usr/lib/ssl /image/var/lib/dpkg/status.d \
      /image/etc/smtp_reply_exporter /image/state; \
    install -d -m 1777 /image/tmp; \
    cp /smtp_reply_exporter /image/usr/bin/; \
    for file in $(ldd /smtp_reply_exporter | grep -o '/[^ ]*') \
        /etc/ssl/certs/ca-certificates.crt /etc/ssl/openssl.cnf; do \
      cp -L --parents "$file" /image/; \
      for name in "$file" "/usr$file" "$(realpath "$file")"; do \
        dpkg-query -S "$name" 2>/dev/null | sed 's/:.*//' || true; \
      done; \
    done | sort -u >/packages; \
    echo ca-certificates >>/packages; \
    for package in $(sort -u /packages); do \
      dpkg-query -s "$package" >"/image/var/lib/dpkg/status.d/$package"; \
      cp --parents "/usr/share/doc/$package/copyright" /image/; \
    done; \
    install -D -m 644 /src/LICENSE /image/usr/share/doc/smtp_reply_exporter/copyright; \
    ln -s /etc/ssl/openssl.cnf /image/usr/lib/ssl/openssl.cnf; \
    echo 'hosts: files dns' >/image/etc/nsswitch.conf; \
    echo 'agent:x:65532:65532:smtp_reply_exporter:/:/usr/sbin/nologin' >/image/etc/passwd; \
    echo 'agent:x:65532:' >/image/etc/group; \
    mv /image/state /state

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="smtp_reply_exporter" \
      org.opencontainers.image.description="Watches SMTP servers, reply by reply, for Prometheus" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="scratch"

COPY --from=build /image/ /
# What checks remember; the only place, beside the demo's /tmp, that anything is written to.
COPY --from=build --chown=65532:65532 /state /var/lib/smtp_reply_exporter

# A number, so that Kubernetes can tell that it is not root.
USER 65532:65532
ENV LANG=C.UTF-8
EXPOSE 10235
VOLUME /var/lib/smtp_reply_exporter
STOPSIGNAL SIGTERM
# Where the daemon listens elsewhere, or with TLS, override it: healthcheck --url=https://127.0.0.1:10235/-/healthy
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \
  CMD ["/usr/bin/smtp_reply_exporter", "healthcheck"]
ENTRYPOINT ["/usr/bin/smtp_reply_exporter"]
