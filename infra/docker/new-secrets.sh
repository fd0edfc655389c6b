#!/bin/sh
# Writes infra/.env with new random passwords for compose.yaml. It never overwrites one.
#   infra/docker/new-secrets.sh https://login.example.org https://login.example.org/jwks.json ./countries/sample
# 1: the issuer (`iss`) of your identity provider's tokens; 2: the address of its public keys; 3: the folder of the country pack, seen from infra/.
set -eu
cd "$(dirname "$0")/.."
[ $# = 3 ] || { sed -n 2,4p docker/new-secrets.sh >&2; exit 2; }
[ ! -e .env ] || { echo "infra/.env is there already; the databases know its passwords." >&2; exit 1; }
umask 077
{
  echo COMPOSE_PROJECT_NAME=opennrm
  echo "IDENTITY_ISSUER=$1"
  echo "IDENTITY_JWKS=$2"
  echo "COUNTRY_PACK=$3"
  # generated: secrets
  services='REFERRAL SHELTER_CAPACITY CASE_VAULT IDENTIFICATION_INTAKE'
  # end
  for name in POSTGRES $services; do
    echo "${name}_PASSWORD=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
  done
} >.env
echo 'Wrote infra/.env; it holds passwords and stays out of git.'
