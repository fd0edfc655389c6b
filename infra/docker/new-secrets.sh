#!/bin/sh
# Writes infra/.env with new random passwords for compose.yaml. It never overwrites one.
#   infra/docker/new-secrets.sh https://login.example.org/jwks.json ./countries/sample
# 1: the address of your identity provider's public keys; 2: the folder of the country pack, seen from infra/.
set -eu
cd "$(dirname "$0")/.."
[ $# = 2 ] || { sed -n 2,4p docker/new-secrets.sh >&2; exit 2; }
[ ! -e .env ] || { echo "infra/.env is there already; the databases know its passwords." >&2; exit 1; }
umask 077
{
  echo COMPOSE_PROJECT_NAME=opennrm
  echo "IDENTITY_JWKS=$1"
  echo "COUNTRY_PACK=$2"
  for name in POSTGRES REFERRAL SHELTER_CAPACITY CASE_VAULT IDENTIFICATION_INTAKE; do
    echo "${name}_PASSWORD=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
  done
} >.env
echo 'Wrote infra/.env; it holds passwords and stays out of git.'
