#!/usr/bin/env bash
# Starts like the official apache/kafka image: Kafka's own class writes server.properties from the KAFKA_… variables
# and formats the storage; then the broker starts.
set -euo pipefail

export CLUSTER_ID=${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}
read -ra options <<<"${KAFKA_HEAP_OPTS:--Xms128m -Xmx512m} ${KAFKA_OPTS:-}"
java=(java -Dlog4j2.configurationFile=/opt/kafka/config/log4j2.xml -cp '/opt/kafka/libs/*')
: >/opt/kafka/config/server.properties
output=$("${java[@]}" kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker \
  --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config 2>&1) ||
  grep -qi 'already formatted' <<<"$output" || { echo "$output" >&2; exit 1; }
exec "${java[@]}" "${options[@]}" kafka.Kafka /opt/kafka/config/server.properties
