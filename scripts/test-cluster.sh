#!/usr/bin/env bash
# Builds the image, installs the chart on a cluster and runs test/cluster against it.
#
#   scripts/test-cluster.sh CLUSTER [VITEST ARGUMENTS…]
#
# CLUSTER is a program that makes a cluster on this machine: `up 2`, `exec CMD…`, `load TAR`, `base-image REF`, `down`, and the faults of
# test/cluster/harness/faults.ts. For a cluster of your own, none of this is needed:
# KUBECONFIG=… PROBEWISE_IMAGE=registry.example.com/probewise:dev npm run test:cluster
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cluster=${1:?usage: scripts/test-cluster.sh CLUSTER [VITEST ARGUMENTS…]}
shift
image=localhost/probewise:test
archive=$(mktemp -d)
trap 'rm -rf "$archive"' EXIT

"$cluster" packages
for base in $(sed -n 's/^ARG [A-Z]*_IMAGE=//p' Dockerfile); do
  buildah inspect --type image "$base" >/dev/null 2>&1 || "$cluster" base-image "$base"
done
buildah bud --isolation chroot --network host --pull=never --build-arg VERSION=0.1.0 --build-arg "REVISION=$(git rev-parse HEAD)" -t "$image" .
buildah push -q "$image" "oci-archive:$archive/image.tar:$image"

"$cluster" up 2
# Only what was brought up here is taken down again.
trap 'rm -rf "$archive"; "$cluster" down' EXIT
"$cluster" load "$archive/image.tar"
PROBEWISE_IMAGE=$image PROBEWISE_FAULTS=$cluster "$cluster" exec npm run test:cluster -- "$@"
