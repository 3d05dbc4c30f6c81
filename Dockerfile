# syntax=docker/dockerfile:1
ARG NODE_IMAGE=docker.io/library/node:26-trixie-slim
ARG BASE_IMAGE=gcr.io/distroless/nodejs26-debian13:nonroot

FROM ${NODE_IMAGE} AS build
WORKDIR /build
# The dependencies change less often than the sources: their layer is kept as long as these files stay as they are.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
RUN npm run build

# No shell, no package manager: Node, and the bundle.
FROM ${BASE_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED
LABEL org.opencontainers.image.title="Probewise" \
      org.opencontainers.image.description="Keeps Kubernetes probes from causing the outage that they were meant to prevent." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
ENV NODE_ENV=production
COPY --from=build --chown=0:0 --chmod=0444 /build/dist/ /app/
# By number, so that a kubelet that is told runAsNonRoot can see that it is not root.
USER 65532:65532
WORKDIR /app
# Node itself is process 1 and gets the signals. A young generation of 8 MiB keeps what one AdmissionReview leaves behind from
# being promoted; a compiler on the main thread keeps 20 MB out of memory that one beside it leaves behind (measured: bench/README.md).
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=8", "--no-concurrent-recompilation", "/app/probewise.js"]
CMD ["--help"]
