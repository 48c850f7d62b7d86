# memroute as an image: docs/deploy.md, "Container". ops/build-image makes the same from Debian's packages, without a
# registry; it takes the last stage from here.
ARG BUILD_IMAGE=docker.io/library/eclipse-temurin:25-jdk
ARG BASE_IMAGE=docker.io/library/debian:stable-slim

FROM ${BUILD_IMAGE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends git maven
COPY . /src
RUN cd /src && mvn --batch-mode --no-transfer-progress -q -pl app -am -Dmaven.test.skip=true -Dquick package \
    && ops/image-root /image

FROM ${BASE_IMAGE}
COPY --from=build /image/ /
# Starts are faster from the cache that this makes.
RUN ["/opt/memroute/bin/memroute", "train"]
# What the image says of itself: --build-arg VERSION=0.1.0 --build-arg COMMIT=...
ARG VERSION=unknown
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="memroute" \
      org.opencontainers.image.description="memcached proxy" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
USER 65532:65532
EXPOSE 11211
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/memroute/bin/memroute"]
CMD ["run", "/etc/memroute/memroute.lua"]
