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
USER 65532:65532
EXPOSE 11211
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/memroute/bin/memroute"]
CMD ["run", "/etc/memroute/memroute.lua"]
